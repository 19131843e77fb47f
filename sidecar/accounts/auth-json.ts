/**
 * Reads one Codex `auth.json`: the file of the Codex CLI, the camelCase dialect of codex-lb exports, or the three tokens
 * flat at the top level (spec/data-security.md 4.4). Pure; no message or error ever holds text of a token.
 */
import { TightropeError, type ErrorCode } from '../platform/errors';
import type { Identity } from './identity-claims';

/** A ChatGPT login as its owner keeps it. Tokens are trimmed and fit for an HTTP header. */
export interface Login {
  readonly accessToken: string;
  /** `null` only for logins out of another program's database: they serve until they expire. */
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** The workspace the file names; wins over the tokens' claims. */
  readonly accountIdHint: string | null;
  /** UTC ms of the last refresh the file tells of, `null` when it does not say. */
  readonly lastRefreshAtMs: number | null;
  /** What was written beside the tokens, for tokens that say nothing of their owner. */
  readonly fallback?: Partial<Pick<Identity, 'email' | 'chatgptAccountId' | 'planType'>>;
}

/** An auth.json has a few kB. */
const MAX_TEXT_CHARS = 1_048_576;
/** Real ones have 2 to 4 kB; Node refuses header blocks above 16 KiB. */
const MAX_TOKEN_CHARS = 16_384;
const MAX_ID_CHARS = 256;
/** Seconds and milliseconds since 1970 cannot be mistaken for each other on either side of this (spec 4.8). */
const LEAST_MILLISECONDS = 10_000_000_000;

/** Visible ASCII only: everything else would break or split an HTTP header. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

const SPELLINGS = {
  accessToken: ['access_token', 'accessToken'],
  refreshToken: ['refresh_token', 'refreshToken'],
  idToken: ['id_token', 'idToken'],
  accountId: ['account_id', 'accountId'],
  lastRefresh: ['last_refresh', 'lastRefresh', 'lastRefreshAt'],
} as const;

type Fields = Readonly<Record<string, unknown>>;
type Subject = keyof typeof SPELLINGS;

/**
 * @param input the file's object or its text.
 * @throws TightropeError `invalid_account_import` (not JSON, wrong shape), `auth_json_api_key_only` or
 *   `auth_json_missing_tokens`; `param` is the path of the field at fault.
 */
export function parseAuthJson(input: unknown): Login {
  const file = typeof input === 'string' ? parseText(input) : input;
  if (!isFields(file)) throw invalid('authJson', `must be an object, not ${kindOf(file)}`);
  const { holder, path } = tokenHolder(file);
  const accessToken = token(holder, 'accessToken', path);
  const refreshToken = token(holder, 'refreshToken', path);
  if (accessToken === null) throw missing(path, 'access_token');
  if (refreshToken === null) throw missing(path, 'refresh_token');
  return {
    accessToken,
    refreshToken,
    idToken: token(holder, 'idToken', path),
    accountIdHint: accountId(holder, path),
    lastRefreshAtMs: instantMs(read(file, 'lastRefresh').value),
  };
}

function parseText(text: string): unknown {
  if (text.length > MAX_TEXT_CHARS) throw invalid('authJson', `must not be longer than ${MAX_TEXT_CHARS} characters`);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own message quotes the text, and the text holds tokens: it goes no further.
    throw invalid('authJson', 'is not valid JSON');
  }
}

/** The object that holds the tokens: `tokens`, or the file itself in the flat dialect. */
function tokenHolder(file: Fields): { holder: Fields; path: string } {
  const nested = file['tokens'];
  if (nested !== undefined && nested !== null) {
    if (!isFields(nested)) throw invalid('authJson.tokens', `must be an object, not ${kindOf(nested)}`);
    return { holder: nested, path: 'authJson.tokens' };
  }
  const flat = [...SPELLINGS.accessToken, ...SPELLINGS.refreshToken].some((name) => file[name] !== undefined);
  if (flat) return { holder: file, path: 'authJson' };
  if (isApiKeyLogin(file)) throw new TightropeError('auth_json_api_key_only', { param: 'authJson.tokens' });
  throw missing('authJson', 'tokens');
}

function isApiKeyLogin(file: Fields): boolean {
  const mode = file['auth_mode'];
  const key = file['OPENAI_API_KEY'];
  return (typeof mode === 'string' && /^api_?key$/i.test(mode)) || (typeof key === 'string' && key.trim() !== '');
}

/** The first spelling that is there; JSON `null` counts as absent. */
function read(holder: Fields, subject: Subject): { name: string; value: unknown } {
  const names: readonly string[] = SPELLINGS[subject];
  const name = names.find((candidate) => holder[candidate] !== undefined && holder[candidate] !== null);
  return { name: name ?? SPELLINGS[subject][0], value: name === undefined ? null : holder[name] };
}

function token(holder: Fields, subject: Subject, path: string): string | null {
  return headerText(holder, subject, path, MAX_TOKEN_CHARS);
}

function accountId(holder: Fields, path: string): string | null {
  return headerText(holder, 'accountId', path, MAX_ID_CHARS);
}

function headerText(holder: Fields, subject: Subject, path: string, maxChars: number): string | null {
  const { name, value } = read(holder, subject);
  if (value === null) return null;
  const param = `${path}.${name}`;
  if (typeof value !== 'string') throw invalid(param, `must be a string, not ${kindOf(value)}`);
  const text = value.trim();
  if (text === '') return null;
  if (text.length > maxChars) throw invalid(param, `must not be longer than ${maxChars} characters`);
  if (!HEADER_SAFE.test(text)) throw invalid(param, 'must hold visible ASCII characters only');
  return text;
}

/** UTC ms of an RFC 3339 time or of a number of seconds or milliseconds; anything else is "not known". */
function instantMs(value: unknown): number | null {
  if (typeof value === 'string' && RFC_3339.test(value.trim())) {
    const ms = Date.parse(value.trim().toUpperCase());
    return Number.isNaN(ms) ? null : ms;
  }
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) {
    const ms = Math.trunc(value > LEAST_MILLISECONDS ? value : value * 1000);
    return Number.isSafeInteger(ms) ? ms : null;
  }
  return null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function invalid(param: string, rule: string): TightropeError {
  return failure('invalid_account_import', param, rule);
}

function missing(path: string, name: string): TightropeError {
  return failure('auth_json_missing_tokens', `${path}.${name}`, 'is missing');
}

function failure(code: ErrorCode, param: string, rule: string): TightropeError {
  return new TightropeError(code, { param, message: `${param} ${rule}.` });
}
