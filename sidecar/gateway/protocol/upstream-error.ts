/** What an upstream said went wrong, out of every shape it uses (codex-wire 2.4, 2.5, 2.9; proxy.md 8.1). */

/** `null` = it did not say. */
export interface UpstreamErrorFacts {
  /** Lower-case `code`, else the lower-case `type`. */
  readonly code: string | null;
  readonly message: string | null;
  readonly type: string | null;
  readonly param: string | null;
  /** `status` or `status_code` of the event. */
  readonly status: number | null;
  readonly planType: string | null;
  /** UTC ms out of `resets_at`, which is in seconds (or ms when it is that large). */
  readonly resetsAtMs: number | null;
  /** ms out of `resets_in_seconds`. */
  readonly resetsInMs: number | null;
}

/** Of a failure that came without a word. */
export const NO_ERROR_FACTS: UpstreamErrorFacts = {
  code: null,
  message: null,
  type: null,
  param: null,
  status: null,
  planType: null,
  resetsAtMs: null,
  resetsInMs: null,
};

type Json = Readonly<Record<string, unknown>>;

/** Unix times above this are milliseconds: in seconds it would be the year 2286. */
const LARGEST_SECONDS = 10_000_000_000;

/**
 * Reads a JSON value (an error body, or the data of an `error` or `response.failed` event); `null` when it holds no error.
 * Shapes: `{error:{…}}`, `{error:"…"}`, `{response:{error:{…}}}`, `{body:{error:{…}}}`, `{detail}`, and the flat
 * `{type:"error",code,message,param}`.
 */
export function readErrorFacts(value: unknown): UpstreamErrorFacts | null {
  if (!isRecord(value)) return null;
  const outer = { status: statusOf(value) };
  const nested = nestedError(value);
  if (nested !== null) return factsOf(nested, nested['type'], outer.status);
  for (const key of ['error', 'detail', 'message']) {
    const text = value[key];
    if (typeof text !== 'string' || text === '') continue;
    const isCode = key === 'error' && /^[a-z0-9_.]+$/.test(text);
    const description = value['error_description'] ?? value['message'];
    const flat = isCode ? { code: text, message: description } : { ...value, message: text };
    return factsOf(flat, value['type'] === 'error' ? null : value['type'], outer.status);
  }
  if (value['type'] === 'error' && typeof value['code'] === 'string') return factsOf(value, null, outer.status);
  return Array.isArray(value['detail'])
    ? factsOf({ message: JSON.stringify(value['detail']) }, null, outer.status)
    : null;
}

function nestedError(value: Json): Json | null {
  const response = value['response'];
  const body = value['body'];
  const places = [
    value['error'],
    isRecord(response) && response['error'],
    isRecord(body) && body['error'],
    value['detail'],
  ];
  return places.find(isRecord) ?? null;
}

function factsOf(error: Json, type: unknown, status: number | null): UpstreamErrorFacts {
  const errorType = text(type);
  const resetsAt = number(error['resets_at']);
  const resetsIn = number(error['resets_in_seconds']);
  return {
    code: (text(error['code']) ?? errorType)?.toLowerCase() ?? null,
    message: text(error['message']),
    type: errorType,
    param: text(error['param']),
    status: status ?? statusOf(error),
    planType: text(error['plan_type']),
    resetsAtMs: resetsAt === null ? null : resetsAt > LARGEST_SECONDS ? resetsAt : resetsAt * 1000,
    resetsInMs: resetsIn === null ? null : resetsIn * 1000,
  };
}

/** The client reads either name (codex-wire 2.5). */
function statusOf(value: Json): number | null {
  const status = number(value['status']) ?? number(value['status_code']);
  return status !== null && status >= 100 && status <= 599 ? status : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function number(value: unknown): number | null {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : null;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
