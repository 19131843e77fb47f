/** What secrets look like: the keys that name them and the shapes they have in text (spec/data-security.md 13). */

/** One shape. `pattern` is tried only on text that contains one of `needles`, which is much cheaper to find out. */
export interface SecretPattern {
  readonly needles: readonly string[];
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Names in text (`"access_token": "…"`, `password=…`) whose value goes, with or without separators inside. */
const NAMES_IN_TEXT = [
  '(?:access|refresh|id|session|admin|bootstrap|api|auth|device|csrf)[_-]?token',
  'api[_-]?key',
  'client[_-]?secret',
  'code[_-]?verifier',
  'device[_-]?(?:auth[_-]?)?code',
  'authorization[_-]?code',
  'key[_-]?hex',
  'pass(?:word|phrase)',
  'private[_-]?key',
  'secret',
  'token',
].join('|');

/** Names of query and form values that carry a secret; `code` and `state` only there, because they are common words. */
const NAMES_IN_QUERY = [
  '(?:access_|refresh_|id_|session_|admin_)?token',
  'api[_-]?key',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'key',
  'pass(?:word|phrase)',
  'refresh',
  'secret',
  'sig(?:nature)?',
  'state',
].join('|');

/** Cookies that are known by name, outside of a cookie header. */
const COOKIES = '(?<![\\w.-])[\\w.-]{0,64}session[\\w.-]{0,64}|cf_clearance|__cf_bm|_cfuvid|oai-[\\w-]{1,64}';

/** A quoted text, also when its quotes are escaped (JSON inside of JSON) or the end is missing. */
const QUOTED = `\\\\+["'][^"']*["']?|"(?:[^"\\\\]|\\\\.)*"?|'(?:[^'\\\\]|\\\\.)*'?`;

/**
 * In the order of their use: what names its secret first, then what is known by its shape. Repetitions before a fixed
 * part are bounded: text comes from strangers, and the search must stay linear.
 */
export const PATTERNS: readonly SecretPattern[] = [
  {
    needles: ['uthorization', 'UTHORIZATION', 'ookie', 'OOKIE', 'pi-key', 'pi-Key', 'PI-KEY'],
    // To the closing quote, else to the end of the line: a cookie header holds several values.
    pattern: new RegExp(
      `((?:proxy-)?authorization|(?:set-)?cookie|(?:x-)?api-key)((?:\\\\*["'])?\\s*[:=,]\\s*)(?:${QUOTED}|[^\\r\\n]+)`,
      'gi',
    ),
    replacement: '$1$2***',
  },
  {
    needles: [':', '='],
    pattern: new RegExp(`((?:${NAMES_IN_TEXT})(?:\\\\*["'])?\\s*[:=]\\s*)(?:${QUOTED}|[^\\s"'&]+)`, 'gi'),
    replacement: '$1***',
  },
  {
    needles: ['='],
    pattern: new RegExp(`((?:^|[?&#;])(?:${NAMES_IN_QUERY})=)[^&#\\s"'<>;]+`, 'gi'),
    replacement: '$1***',
  },
  {
    // A whole address inside of another one's query.
    needles: ['%3D', '%3d'],
    pattern: new RegExp(`((?:%3F|%26|%23)(?:${NAMES_IN_QUERY})%3D)(?:(?!%26|%23)[^&\\s"'<>])+`, 'gi'),
    replacement: '$1***',
  },
  {
    needles: ['ession', 'cf_', '_cf', 'oai-'],
    pattern: new RegExp(`(${COOKIES})=[^;\\s"',&]+`, 'gi'),
    replacement: '$1=***',
  },
  {
    // Credentials in an address, e.g. of an HTTP proxy.
    needles: ['://'],
    pattern: /(:\/\/)[^\s/@"']{1,512}@/g,
    replacement: '$1***@',
  },
  { needles: ['earer'], pattern: /(bearer)(\s+|%20|\+)[^\s"',;]{4,}/gi, replacement: '$1 ***' },
  { needles: ['asic '], pattern: /([Bb]asic\s+)(?=[a-z]*[0-9A-Z+/=])[A-Za-z0-9+/]{6,}={0,2}/g, replacement: '$1***' },
  // Sealed at rest by this product.
  { needles: ['tightrope-token:'], pattern: /tightrope-token:v\d+:[^\s"',;}]+/g, replacement: 'tightrope-token:***' },
  // JSON Web Tokens, whole or cut off: base64url of `{"`.
  { needles: ['eyJ'], pattern: /eyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g, replacement: '***' },
  // Fernet, as codex-lb stores tokens: version byte 0x80 and a time before 2106.
  { needles: ['gAAAA'], pattern: /gAAAA[\w-]{10,}={0,2}/g, replacement: '***' },
  // API keys, ours (sk-tr-, sk-clb-) and OpenAI's. Inside a word only long ones, or "risk-assessment" would go.
  {
    needles: ['sk-'],
    pattern: /(?<![A-Za-z0-9])sk-[\w-]{6,}|sk-(?=[\w-]{0,64}[0-9A-Z])[\w-]{16,}/g,
    replacement: 'sk-***',
  },
  // Refresh tokens and authorization codes of the provider.
  {
    needles: ['rt_', 'rt.', 'ac_'],
    pattern: /(?<![A-Za-z0-9])(rt[_.]|ac_)[\w.-]{6,}|(rt_|ac_)(?=[\w.-]{0,64}[0-9A-Z])[\w.-]{16,}/g,
    replacement: '$1$2***',
  },
];

/** Separators and case are nobody's habit: `set-cookie`, `setCookie` and `SET_COOKIE` are one name. */
function normalised(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const MASKED_KEYS: ReadonlySet<string> = new Set([
  'apikey',
  'authorization',
  'codeverifier',
  'cookie',
  'cookies',
  'keyhex',
  'passphrase',
  'password',
  'privatekey',
  'proxyauthorization',
  'secret',
  'setcookie',
  'state',
  'xapikey',
]);

const MASKED_PARTS: readonly string[] = ['token', 'secret', 'password', 'passphrase', 'cookie'];

/** Stable codes of errors: ours and the upstream's (snake_case), the system's, undici's, SQLite's. */
const ERROR_CODE = /^(?:[a-z]+(?:_[a-z]+)+|(?:E|ERR_|UND_ERR_|SQLITE_)[A-Z][A-Z0-9_]+)$/;

/** Whether a value under this key must not be shown. `code` is one, unless its value is the code of an error. */
export function isMaskedKey(key: string, value: unknown): boolean {
  const name = normalised(key);
  if (name === 'code') return !(typeof value === 'string' && ERROR_CODE.test(value));
  return MASKED_KEYS.has(name) || MASKED_PARTS.some((part) => name.includes(part));
}

/** The provider's workspace id is shown by its last four characters only. */
export function isWorkspaceKey(key: string): boolean {
  return normalised(key) === 'chatgptaccountid';
}

/** Local parts have at most 64 characters (RFC 5321, 4.5.3.1.1); the bound also keeps the search linear. */
const EMAIL = /([^\s@"'<>(),;:[\]=/*]{1,64})@([\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*)/gu;

/** First character and domain of every e-mail address in `text`. */
export function maskEmail(text: string): string {
  return text.replace(EMAIL, (_whole, local: string, domain: string) => `${[...local][0] ?? ''}…@${domain}`);
}
