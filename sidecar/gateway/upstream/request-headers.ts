/**
 * The headers of an upstream call out of those of the client (codex-wire 2.2, proxy.md 1.5, design §11): flat arrays and set
 * look-ups, as this runs once per attempt of every request.
 */
import { TightropeError } from '../../platform/errors';
import { TURN_STATE } from '../protocol/request-ties';
import { isHeaderName, isHeaderValue } from './header-value';

/** What the selected account and this product put in. */
export interface UpstreamIdentity {
  readonly accessToken: string;
  /** `null` or empty = the header is left out. */
  readonly chatgptAccountId: string | null;
  readonly requestId: string;
  /** `tightrope/<version>`: the user agent of every client that is not a native Codex one. */
  readonly userAgentFallback: string;
  /** The client's turn state was given by another account and stays here. */
  readonly dropsTurnState?: boolean;
  /** Content type of the body; left out = JSON, which minimal headers do not name. */
  readonly bodyType?: string;
}

/** `responses` = SSE answer, `json` = JSON answer, `socket` = the handshake of a WebSocket, `minimal` = only what transcription and file calls may carry (codex-wire 2.2). */
export type HeaderKind = 'responses' | 'json' | 'socket' | 'minimal';

/** Never go upstream, whoever sends them. */
const STRIPPED: ReadonlySet<string> = new Set([
  // Credentials and the identity of the caller, which are ours to set
  'authorization',
  'chatgpt-account-id',
  'cookie',
  'x-api-key',
  'api-key',
  'openai-organization',
  'openai-project',
  'x-request-id',
  'request-id',
  // Where the request came from
  'host',
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  // Hop by hop (RFC 9110 7.6.1) and the body's framing, which is new
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'content-encoding',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  // Set anew below
  'accept',
  'accept-encoding',
  'content-type',
  // Browsers
  'origin',
  'referer',
  'priority',
  'dnt',
  'upgrade-insecure-requests',
  // Claude Code
  'x-app',
]);
const STRIPPED_PREFIXES = [
  'x-forwarded-',
  'cf-',
  'x-tightrope-',
  'proxy-',
  'sec-',
  'access-control-',
  // Clients of another API, and of the program they belong to
  'anthropic-',
  'x-claude-',
] as const;
/** First letters of the prefixes: most names are ruled out by one look. */
const PREFIX_LETTERS: ReadonlySet<string> = new Set(STRIPPED_PREFIXES.map((prefix) => prefix.charAt(0)));

/** The client's own product, kept for native clients and replaced for others (design §11). */
const PRODUCT: ReadonlySet<string> = new Set(['user-agent', 'originator', 'version']);
/** SDK telemetry; upstream was seen to serve such requests with lower priority (codex-wire 2.2). */
const SDK_PREFIXES = ['x-stainless-', 'x-openai-client-'] as const;
const MINIMAL_PREFIXES = ['x-openai-', 'x-codex-'] as const;

/** Made up here or by another proxy of this kind: no token of the upstream's (codex-wire 2.6). */
const PLACEHOLDER_TURN_STATE = /^(?:http_)?turn_[0-9a-f-]{32,36}$/;

/** Products of codex-wire 2.2, lower case. */
const NATIVE_PRODUCTS: ReadonlySet<string> = new Set([
  'codex_cli_rs',
  'codex-tui',
  'codex_exec',
  'codex_vscode',
  'codex_sdk_ts',
  'codex desktop',
  'codex_chatgpt_desktop',
  'codex_atlas',
]);

/**
 * Flat name, value array for the upstream call. Inbound headers keep their order and spelling, ours follow in lower case.
 * Throws TightropeError `internal_error` when a value of the identity could not be a header value.
 */
export function upstreamHeaders(rawHeaders: readonly string[], identity: UpstreamIdentity, kind: HeaderKind): string[] {
  const isNative = isNativeClient(rawHeaders);
  const named = connectionTokens(rawHeaders);
  const headers: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    const lower = name.toLowerCase();
    if (isStripped(lower) || named?.has(lower) === true || isForeign(lower, identity)) continue;
    if (!isNative && (PRODUCT.has(lower) || hasPrefix(lower, SDK_PREFIXES))) continue;
    if (kind === 'minimal' && !isMinimal(lower)) continue;
    if (isSendable(name, lower, value)) headers.push(name, value);
  }
  addOwn(headers, identity, kind, isNative);
  return headers;
}

function addOwn(headers: string[], identity: UpstreamIdentity, kind: HeaderKind, isNative: boolean): void {
  const { accessToken, chatgptAccountId, requestId, userAgentFallback, bodyType } = identity;
  add(headers, 'authorization', `Bearer ${accessToken}`);
  if (chatgptAccountId !== null && chatgptAccountId !== '') add(headers, 'chatgpt-account-id', chatgptAccountId);
  if (!isNative || !hasName(headers, 'user-agent')) add(headers, 'user-agent', userAgentFallback);
  if (kind === 'minimal') {
    if (bodyType !== undefined) add(headers, 'content-type', bodyType);
    return;
  }
  if (!isNative) add(headers, 'originator', userAgentFallback.split('/')[0] ?? userAgentFallback);
  if (kind === 'socket') {
    add(headers, 'x-request-id', requestId);
    addSocketsBeta(headers);
    return;
  }
  add(
    headers,
    'accept',
    kind === 'responses' ? 'text/event-stream' : bodyType === undefined ? 'application/json' : '*/*',
  );
  // Compressed events could be neither scanned nor relayed as they come (performance.md A4).
  add(headers, 'accept-encoding', 'identity');
  add(headers, 'content-type', bodyType ?? 'application/json');
  add(headers, 'x-request-id', requestId);
}

/** Token of the handshake that switches Responses over WebSocket on (spec/proxy.md 1.5.3, codex-observed "handshake"). */
const SOCKETS_BETA = 'responses_websockets=2026-02-06';

/** Adds the token to the client's own list; several lists become one. */
function addSocketsBeta(headers: string[]): void {
  const lists: string[] = [];
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (headers[i]?.toLowerCase() !== 'openai-beta') continue;
    lists.unshift(headers[i + 1] ?? '');
    headers.splice(i, 2);
  }
  const tokens = lists.flatMap((list) => list.split(',').map((token) => token.trim())).filter((token) => token !== '');
  if (!tokens.some((token) => token.toLowerCase() === SOCKETS_BETA)) tokens.push(SOCKETS_BETA);
  add(headers, 'openai-beta', tokens.join(', '));
}

/** Whether the request comes from one of OpenAI's own Codex clients, by `originator` or by the product of the user agent. */
export function isNativeClient(rawHeaders: readonly string[]): boolean {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // Both names have ten letters: the length rules out nearly every header before anything is compared.
    if (name.length !== 10) continue;
    const lower = name.toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    if (lower === 'originator' && NATIVE_PRODUCTS.has(value.trim().toLowerCase())) return true;
    if (lower === 'user-agent' && NATIVE_PRODUCTS.has((value.split('/')[0] ?? '').trim().toLowerCase())) return true;
  }
  return false;
}

function isMinimal(lower: string): boolean {
  return lower === 'user-agent' || hasPrefix(lower, MINIMAL_PREFIXES);
}

/** The turn state of another account. */
function isForeign(lower: string, { dropsTurnState }: UpstreamIdentity): boolean {
  return lower === TURN_STATE && dropsTurnState === true;
}

/** Well-formed, and no made-up turn state. */
function isSendable(name: string, lower: string, value: string): boolean {
  if (lower === TURN_STATE && PLACEHOLDER_TURN_STATE.test(value.trim())) return false;
  return isHeaderName(name) && isHeaderValue(value);
}

function isStripped(lower: string): boolean {
  if (STRIPPED.has(lower)) return true;
  return PREFIX_LETTERS.has(lower.charAt(0)) && hasPrefix(lower, STRIPPED_PREFIXES);
}

function hasPrefix(lower: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => lower.startsWith(prefix));
}

/** Headers that the sender declares to be for the next hop only (RFC 9110 7.6.1), out of every `Connection` header. */
function connectionTokens(rawHeaders: readonly string[]): Set<string> | undefined {
  let tokens: Set<string> | undefined;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    tokens ??= new Set();
    for (const token of (rawHeaders[i + 1] ?? '').split(',')) tokens.add(token.trim().toLowerCase());
  }
  return tokens;
}

function hasName(headers: readonly string[], lower: string): boolean {
  for (let i = 0; i < headers.length; i += 2) if (headers[i]?.toLowerCase() === lower) return true;
  return false;
}

function add(headers: string[], name: string, value: string): void {
  if (!isHeaderValue(value))
    throw new TightropeError('internal_error', { message: `The ${name} header could not be set.` });
  headers.push(name, value);
}
