/** Fault verbs that answer instead of streaming (codex-wire 2.9, 2.10, 2.11.3-4). */
import { pause, sendBytes, sendJson, untilAborted, type HeaderSet } from './answer';
import type { Behaviour } from './behaviour';
import { fiveHourAndWeekly } from './rate-headers';

/** Any status with an OpenAI-shaped error. */
export function errorAnswer(
  status: number,
  error: Readonly<Record<string, unknown>>,
  headers: HeaderSet = {},
): Behaviour {
  return ({ response }) => sendJson(response, status, { error }, headers);
}

/** Any status with the backend's own `{"detail": …}`. */
export function detailAnswer(status: number, detail: string): Behaviour {
  return ({ response }) => sendJson(response, status, { detail });
}

const AUTH_MESSAGES = {
  token_invalidated: 'Your authentication token has been invalidated. Please try signing in again.',
  token_revoked: 'Encountered invalidated oauth token for user, failing request',
  token_expired: 'Provided authentication token is expired. Please try signing in again.',
} as const;

/** Body of a 401 on a model call. */
export function unauthorizedError(code: keyof typeof AUTH_MESSAGES): Readonly<Record<string, unknown>> {
  return { message: AUTH_MESSAGES[code], type: 'invalid_request_error', code, param: null };
}

/** 401 although the JWT's `exp` lies ahead. */
export function unauthorized(code: keyof typeof AUTH_MESSAGES = 'token_invalidated'): Behaviour {
  return errorAnswer(401, unauthorizedError(code));
}

/** 401 of an account that upstream has switched off. */
export function accountDeactivated(): Behaviour {
  return errorAnswer(401, {
    message: 'Your OpenAI account has been deactivated, please check your email for more information.',
    type: 'invalid_request_error',
    code: 'account_deactivated',
  });
}

export interface UsageLimitOptions {
  /** Seconds until the reset; default 3600. */
  readonly resetsInSeconds?: number;
  readonly planType?: string;
  /** Rate headers beside the body; default the five-hour window full. */
  readonly headers?: HeaderSet;
}

/** 429 `usage_limit_reached` with body and headers. */
export function usageLimit(options: UsageLimitOptions = {}): Behaviour {
  const resetsInSeconds = options.resetsInSeconds ?? 3600;
  return ({ response }) => {
    const resetsAt = Math.floor(Date.now() / 1000) + resetsInSeconds;
    const error = {
      type: 'usage_limit_reached',
      message: 'The usage limit has been reached',
      plan_type: options.planType ?? 'pro',
      resets_at: resetsAt,
      resets_in_seconds: resetsInSeconds,
    };
    const headers = options.headers ?? fiveHourAndWeekly({ primaryPercent: 100, primaryResetAt: resetsAt });
    sendJson(response, 429, { error }, headers);
  };
}

/** A 5xx with a JSON error; `retryAfterSeconds` adds the header. */
export function serverError(status = 500, retryAfterSeconds?: number): Behaviour {
  const headers: HeaderSet = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  const error = {
    message: 'The server had an error while processing your request.',
    type: 'server_error',
    code: 'server_error',
  };
  return errorAnswer(status, error, headers);
}

/** The model is not for this account: another one may have it. */
export function modelNotSupported(model: string): Behaviour {
  return detailAnswer(400, `The '${model}' model is not supported when using Codex with a ChatGPT account.`);
}

/** Capacity text as a 4xx. */
export function modelAtCapacity(): Behaviour {
  return errorAnswer(400, {
    message: 'Selected model is at capacity. Please try a different model.',
    type: 'invalid_request_error',
    code: null,
  });
}

/** The payload is wrong: no other account would take it. */
export function payloadRejected(message = "Invalid value: 'banana'.", param = 'input[0].role'): Behaviour {
  return errorAnswer(400, { message, type: 'invalid_request_error', param, code: 'invalid_value' });
}

/** Continuity lost: the tool call that this output answers is not known. */
export function missingToolOutput(callId = 'call_1', kind = 'function'): Behaviour {
  return errorAnswer(400, {
    message: `No tool output found for ${kind} call ${callId}.`,
    type: 'invalid_request_error',
    param: 'input',
    code: null,
  });
}

/** A challenge page of the edge in front of the backend. */
export function htmlForbidden(): Behaviour {
  const page = Buffer.from(
    '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Attention</body></html>',
  );
  return ({ response }) => sendBytes(response, 403, 'text/html; charset=UTF-8', page, { 'cf-mitigated': 'challenge' });
}

/** The connection is reset instead of an answer. */
export function connectionReset(): Behaviour {
  return ({ cutConnection }) => cutConnection('reset');
}

/** No answer at all, until the client gives up. */
export function noAnswer(): Behaviour {
  return ({ signal }) => untilAborted(signal);
}

/** The route's own answer, `ms` milliseconds late. */
export function late(ms: number): Behaviour {
  return async ({ signal, standard }) => {
    await pause(ms, signal);
    await standard();
  };
}
