/** The one way in which the page calls the sidecar: same origin, JSON, bounded in time, errors with their code. */

/** Longest wait for an answer, ms (spec/ui.md 4.2). */
const USUAL_TIMEOUT_MS = 10_000;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`; with its media type. */
  readonly raw?: { readonly content: Blob; readonly name: string };
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A refused or failed call. `status` 0 = no answer came. Branch on `code`, never on the message. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly param: string | null = null,
    readonly requestId: string | null = null,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }

  /** The route is not part of this sidecar. */
  get isMissingRoute(): boolean {
    return this.status === 404 && this.code === 'not_found';
  }

  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

/** Told after every call: `null` = the sidecar answered well. */
type Observer = (error: ApiError | null) => void;

let observe: Observer = () => undefined;

/** Sets the one observer of all calls (state/connection.ts). */
export function observeCalls(observer: Observer): void {
  observe = observer;
}

/**
 * Calls a route. The type of the answer is the contract's: page and sidecar are built from the same sources.
 * @throws ApiError; the caller's own abort comes out as it is.
 */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const answer = await send(method, path, options);
  const text = await answer.text();
  const body = parse(text);
  if (!answer.ok) {
    const error = refusal(answer, body);
    observe(error);
    throw error;
  }
  observe(null);
  return body as T;
}

async function send(method: Method, path: string, options: CallOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? USUAL_TIMEOUT_MS);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  try {
    return await fetch(path + queryText(options.query ?? {}), {
      method,
      signal,
      cache: 'no-store',
      ...content(method, options),
    });
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    const error = timeout.aborted
      ? new ApiError(0, 'timeout', 'The sidecar did not answer in time.')
      : new ApiError(0, 'unreachable', 'The sidecar cannot be reached.');
    observe(error);
    throw error;
  }
}

function content(method: Method, { body, raw }: CallOptions): RequestInit {
  if (raw !== undefined) {
    const headers = { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(raw.name) };
    return { headers, body: raw.content };
  }
  if (body === undefined && method === 'GET') return {};
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) };
}

/** `?a=1&b=2` without absent and empty values; `''` when none is left. */
export function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // no JSON: the status says enough
  }
}

function refusal(answer: Response, body: unknown): ApiError {
  const error = field(body, 'error');
  const message = textField(error, 'message') ?? textField(body, 'message') ?? `HTTP ${answer.status}`;
  const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(
    answer.status,
    textField(error, 'code') ?? `http_${answer.status}`,
    message,
    textField(error, 'param'),
    answer.headers.get('x-request-id'),
    Number.isFinite(retryAfter) ? retryAfter * 1000 : null,
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textField(value: unknown, name: string): string | null {
  const found = field(value, name);
  return typeof found === 'string' && found !== '' ? found : null;
}
