/**
 * Blame (design §3.7): what a failed attempt means for the account, for the next try and for the client. Pure; decided by status
 * and structured code only, never by the name of a header or by a word in a text (proxy.md 8.2).
 */
import type { AccountVerdict, Blame } from '../ports';
import type { UpstreamErrorFacts } from '../protocol/upstream-error';
import { MAX_MESSAGE_LENGTH, readErrorBody } from './error-body';
import { meaningOf, type Meaning } from './error-codes';
import { resetTimeMs } from './reset-time';
import { classifyTransport } from './transport-failure';

/** One failed attempt as seen from outside. */
export interface UpstreamFailure {
  /** HTTP status, `null` when no response head arrived. A failure inside a 200 stream has 200. */
  readonly status: number | null;
  /** Raw flat name, value array; empty when none. */
  readonly headers: readonly string[];
  /** Bounded body text, empty when none. */
  readonly bodyText: string;
  /** From the `error` or `response.failed` event (`Terminal.error`). */
  readonly errorEvent?: UpstreamErrorFacts | null;
  /** `UND_ERR_…`, `ECONN…`, or `stream_incomplete`, `stream_idle_timeout`, `upstream_request_timeout`. */
  readonly transportCode?: string;
  /** This attempt already ran on a token refreshed after a 401. */
  readonly tokenWasReplaced?: boolean;
}

/** `same_account`: no account is to blame, so another may serve as well; with none left, this one again after a pause. */
export type RetryAdvice = 'next_account' | 'same_account' | 'none' | 'refresh_token';

/** What to do about a failed attempt. */
export interface Classification {
  readonly blame: Blame;
  /** The upstream's own code where it gave one. */
  readonly code: string;
  readonly message: string;
  /** OpenAI `error.type`. */
  readonly type: string;
  readonly param: string | null;
  readonly retry: RetryAdvice;
  readonly verdict: AccountVerdict | null;
  /** What the client gets when no retry helps: never an upstream 401. */
  readonly clientStatus: number;
  /** Extra fields of the client's error object: `plan_type`, `resets_at`, `resets_in_seconds`. */
  readonly clientBody: Readonly<Record<string, unknown>>;
  /** ms until another try makes sense, `null` = not said. For `Retry-After`. */
  readonly retryAfterMs: number | null;
}

/** One row per meaning. `status` = what the client gets unless the upstream's own status is of the same class. */
interface Treatment {
  readonly blame: Blame;
  readonly retry: RetryAdvice;
  readonly status: number;
  readonly type: string;
  readonly code: string;
}

const TREATMENTS: Readonly<Record<Meaning, Treatment>> = {
  usage_limit: row('account', 'next_account', 429, 'usage_limit_reached', 'usage_limit_reached'),
  rate_limit: row('account', 'next_account', 429, 'rate_limit_exceeded', 'rate_limit_exceeded'),
  quota: row('account', 'next_account', 429, 'insufficient_quota', 'insufficient_quota'),
  login: row('account', 'refresh_token', 502, 'server_error', 'upstream_error'),
  deactivated: row('account', 'next_account', 502, 'server_error', 'account_deactivated'),
  forbidden: row('account', 'next_account', 403, 'permission_error', 'upstream_error'),
  model: row('model', 'next_account', 400, 'invalid_request_error', 'model_not_supported'),
  payload: row('payload', 'none', 400, 'invalid_request_error', 'invalid_request_error'),
  anchor: row('payload', 'none', 400, 'invalid_request_error', 'previous_response_not_found'),
  overload: row('upstream', 'same_account', 503, 'server_error', 'server_is_overloaded'),
  server: row('upstream', 'same_account', 502, 'server_error', 'upstream_error'),
  connection: row('upstream', 'same_account', 503, 'server_error', 'websocket_connection_limit_reached'),
  missing: row('upstream', 'none', 404, 'invalid_request_error', 'upstream_error'),
  unknown: row('upstream', 'none', 502, 'server_error', 'upstream_error'),
};

function row(blame: Blame, retry: RetryAdvice, status: number, type: string, code: string): Treatment {
  return { blame, retry, status, type, code };
}

/** How long an account rests when the upstream does not say, ms. */
const DEFAULT_REST_MS: Readonly<Partial<Record<Meaning, number>>> = {
  rate_limit: 60_000,
  usage_limit: 5 * 60_000,
  quota: 60 * 60_000,
};

/** Judges one failed attempt. `nowMs` = UTC ms. */
export function classify(failure: UpstreamFailure, nowMs: number): Classification {
  if (failure.transportCode !== undefined) return classifyTransport(failure.transportCode);
  const { facts: bodyFacts, isHtml } = readErrorBody(failure.bodyText);
  const facts = failure.errorEvent ?? bodyFacts;
  const status = errorStatus(failure.status, facts);
  // A gateway's own 403 page is about this machine's address, whatever account asks.
  const meaning =
    isHtml && status === 403
      ? 'unknown'
      : meaningOf(status, facts?.code ?? null, facts?.type ?? null, facts?.message ?? null);
  const treatment = TREATMENTS[meaning];
  const code = meaning === 'anchor' ? treatment.code : (facts?.code ?? treatment.code);
  const message = messageOf(facts, failure.status, isHtml);
  const resetsAtMs = resetTimeMs(facts, failure.headers, nowMs);
  const isLoginLost = meaning === 'login' && failure.tokenWasReplaced === true;
  return {
    blame: treatment.blame,
    code,
    message,
    type: meaning === 'login' ? treatment.type : (facts?.type ?? treatment.type),
    param: meaning === 'anchor' ? 'previous_response_id' : (facts?.param ?? null),
    retry: isLoginLost ? 'next_account' : treatment.retry,
    verdict: verdictOf(meaning, isLoginLost, { code, message }, resetsAtMs, nowMs),
    clientStatus: clientStatus(treatment.status, status),
    clientBody: clientBody(meaning, facts, resetsAtMs, nowMs),
    retryAfterMs: resetsAtMs === null ? null : resetsAtMs - nowMs,
  };
}

/** Status for a client of the error an `error` event tells, when nothing was visible before it. */
export function clientStatusOf(facts: UpstreamErrorFacts | null): number {
  const meaning = meaningOf(facts?.status ?? null, facts?.code ?? null, facts?.type ?? null, facts?.message ?? null);
  return clientStatus(TREATMENTS[meaning].status, facts?.status ?? null);
}

/** The status that speaks: that of the answer, else that inside the event of a 200 stream. */
function errorStatus(status: number | null, facts: UpstreamErrorFacts | null): number | null {
  return status !== null && status >= 400 ? status : (facts?.status ?? null);
}

/** The upstream's own status where it is of the class the meaning has (413 among 4xx, 503 among 5xx); never a 401. */
function clientStatus(usual: number, upstream: number | null): number {
  if (usual === 429 || upstream === null || upstream === 401 || upstream < 400 || upstream > 599) return usual;
  const isSameClass = Math.floor(upstream / 100) === Math.floor(usual / 100);
  return isSameClass && upstream !== 429 ? upstream : usual;
}

function messageOf(facts: UpstreamErrorFacts | null, status: number | null, isHtml: boolean): string {
  if (facts?.message != null) return facts.message.slice(0, MAX_MESSAGE_LENGTH);
  const answered = status === null || status < 400 ? 'with an error' : `with status ${status}`;
  return `The upstream answered ${answered}${isHtml ? ' and a web page' : ' and no explanation'}.`;
}

function verdictOf(
  meaning: Meaning,
  isLoginLost: boolean,
  reason: { readonly code: string; readonly message: string },
  resetsAtMs: number | null,
  nowMs: number,
): AccountVerdict | null {
  if (isLoginLost) return { kind: 'reauth_required', ...reason, untilMs: null };
  if (meaning === 'deactivated') return { kind: 'deactivated', ...reason, untilMs: null };
  const restMs = DEFAULT_REST_MS[meaning];
  if (restMs === undefined) return null;
  const kind = meaning === 'quota' ? 'quota_blocked' : 'limited';
  return { kind, ...reason, untilMs: resetsAtMs ?? nowMs + restMs };
}

/** The Codex client shows plan and reset time out of these (codex-wire 2.9). */
function clientBody(
  meaning: Meaning,
  facts: UpstreamErrorFacts | null,
  resetsAtMs: number | null,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  if (DEFAULT_REST_MS[meaning] === undefined) return {};
  return {
    ...(facts?.planType == null ? {} : { plan_type: facts.planType }),
    ...(resetsAtMs === null
      ? {}
      : { resets_at: Math.ceil(resetsAtMs / 1000), resets_in_seconds: Math.ceil((resetsAtMs - nowMs) / 1000) }),
  };
}
