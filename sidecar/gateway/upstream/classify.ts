/**
 * Blame (design §3.7): what a failed attempt means for the account, for the next try and for the client. Pure; decided by status
 * and structured code only, never by the name of a header or by a word in a text (proxy.md 8.2).
 */
import type { AccountVerdict, Blame } from '../ports';
import { NO_ERROR_FACTS, type UpstreamErrorFacts } from '../protocol/upstream-error';
import { MAX_MESSAGE_LENGTH, readErrorBody } from './error-body';
import { meaningOf, type Meaning } from './error-codes';
import { resetTimeMs } from './reset-time';
import { judgeTransport } from './transport-failure';

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
  /** The upstream's own error, `null` when there was none to read. */
  readonly facts: UpstreamErrorFacts | null;
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

/** Meanings after which an account rests, and for how long when the upstream does not say, ms. */
const REST_MS: Readonly<Partial<Record<Meaning, number>>> = {
  rate_limit: 60_000,
  usage_limit: 5 * 60_000,
  quota: 60 * 60_000,
};

/** Judges one failed attempt. `nowMs` = UTC ms. */
export function classify(failure: UpstreamFailure, nowMs: number): Classification {
  if (failure.transportCode === undefined) return classifyAnswer(failure, nowMs);
  const judgement = judgeTransport(failure.transportCode);
  return { ...judgement, param: null, verdict: null, clientBody: {}, retryAfterMs: null, facts: null };
}

function classifyAnswer(failure: UpstreamFailure, nowMs: number): Classification {
  const body = readErrorBody(failure.bodyText);
  const facts = failure.errorEvent ?? body.facts ?? NO_ERROR_FACTS;
  const status = errorStatus(failure.status, facts);
  // A gateway's own 403 page is about this machine's address, whatever account asks.
  const meaning = body.isHtml && status === 403 ? 'unknown' : meaningOf(status, facts);
  const isLoginLost = meaning === 'login' && failure.tokenWasReplaced === true;
  const resetsAtMs = resetTimeMs(facts, failure.headers, nowMs);
  const words = wordsOf(meaning, facts, messageOf(facts, failure.status, body.isHtml));
  return {
    blame: TREATMENTS[meaning].blame,
    ...words,
    retry: isLoginLost ? 'next_account' : TREATMENTS[meaning].retry,
    verdict: verdictOf(meaning, isLoginLost, words, resetsAtMs ?? nowMs + (REST_MS[meaning] ?? 0)),
    clientStatus: clientStatus(meaning, status),
    clientBody: REST_MS[meaning] === undefined ? {} : limitFields(facts, resetsAtMs, nowMs),
    retryAfterMs: resetsAtMs === null ? null : resetsAtMs - nowMs,
    facts,
  };
}

/** Status for a client of the error that an `error` event tells, when nothing was visible before it. */
export function clientStatusOf(facts: UpstreamErrorFacts): number {
  return clientStatus(meaningOf(facts.status, facts), facts.status);
}

/** The status that speaks: that of the answer, else that inside the event of a 200 stream. */
function errorStatus(status: number | null, facts: UpstreamErrorFacts): number | null {
  return status !== null && status >= 400 ? status : facts.status;
}

/** The upstream's own status where it is of the class the meaning has (413 among 4xx, 503 among 5xx); never its 401 or 429. */
function clientStatus(meaning: Meaning, upstream: number | null): number {
  const usual = TREATMENTS[meaning].status;
  if (usual === 429 || meaning === 'anchor' || upstream === null || upstream === 401 || upstream === 429) return usual;
  return Math.floor(upstream / 100) === Math.floor(usual / 100) ? upstream : usual;
}

interface Words {
  readonly code: string;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
}

/** The upstream's own words where it has some; two meanings have fixed ones, as clients act on them (codex-wire 2.4, proxy.md 8.4). */
function wordsOf(meaning: Meaning, facts: UpstreamErrorFacts, message: string): Words {
  const { code, type } = TREATMENTS[meaning];
  if (meaning === 'anchor') return { code, message, type, param: 'previous_response_id' };
  const ownType = meaning === 'login' ? null : facts.type;
  return { code: facts.code ?? code, message, type: ownType ?? type, param: facts.param };
}

function messageOf(facts: UpstreamErrorFacts, status: number | null, isHtml: boolean): string {
  if (facts.message !== null) return facts.message.slice(0, MAX_MESSAGE_LENGTH);
  const answered = status === null || status < 400 ? 'with an error' : `with status ${status}`;
  return `The upstream answered ${answered} and ${isHtml ? 'a web page' : 'no explanation'}.`;
}

function verdictOf(meaning: Meaning, isLoginLost: boolean, words: Words, untilMs: number): AccountVerdict | null {
  const { code, message } = words;
  if (isLoginLost) return { kind: 'reauth_required', code, message, untilMs: null };
  if (meaning === 'deactivated') return { kind: 'deactivated', code, message, untilMs: null };
  if (REST_MS[meaning] === undefined) return null;
  return { kind: meaning === 'quota' ? 'quota_blocked' : 'limited', code, message, untilMs };
}

/** The Codex client shows plan and reset time out of these (codex-wire 2.9). */
function limitFields(
  facts: UpstreamErrorFacts,
  resetsAtMs: number | null,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const plan = facts.planType === null ? {} : { plan_type: facts.planType };
  if (resetsAtMs === null) return plan;
  const seconds = Math.ceil((resetsAtMs - nowMs) / 1000);
  return { ...plan, resets_at: Math.ceil(resetsAtMs / 1000), resets_in_seconds: seconds };
}
