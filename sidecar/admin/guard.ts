/**
 * Who may use the control plane, decided from the request's head alone (design §5, §11). The same rules serve Express
 * (`guardMiddleware`), sockets, and through `proxy-door.ts` the data plane.
 */
import type { RequestHandler } from 'express';
import { TightropeError } from '../platform/errors';
import { type AddressSet, headerValues, type HostAndPort, resolveClient } from '../platform/peer-address';
import type { HostAllowList } from './host-allow-list';

/** What the guard looks at. `IncomingMessage` has it all (`visitorOf`). */
export interface Visitor {
  readonly remoteAddress: string | undefined;
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly rawHeaders: readonly string[];
}

export interface GuardRules {
  readonly hosts: HostAllowList;
  readonly trustedProxies: AddressSet;
  /** Constant-time comparison with the admin token. */
  readonly isAdminToken: (presented: string) => boolean;
}

/**
 * How a path treats a bearer that is not the admin token: `refuse` it, or `ignore` it because its callers bring one of
 * their own (`/api/models`: API keys and ChatGPT tokens of clients).
 */
export type ForeignBearer = 'refuse' | 'ignore';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Names that bring a page's request here: the Host must be one of ours, said once. */
export function refuseHost(rules: GuardRules, visitor: Visitor): TightropeError | null {
  return acceptedHost(rules, visitor) === null ? hostRefusal() : null;
}

/**
 * Refuses a page of another site: foreign or opaque `Origin`, or a browser that says the request crosses sites.
 * Browsers leave `Origin` out of some safe requests, but never lie in `Sec-Fetch-Site`.
 */
export function refuseForeignPage(rules: GuardRules, visitor: Visitor): TightropeError | null {
  const host = acceptedHost(rules, visitor);
  if (host === null) return hostRefusal();
  const origins = headerValues(visitor.rawHeaders, 'origin');
  const sites = headerValues(visitor.rawHeaders, 'sec-fetch-site').map((site) => site.trim().toLowerCase());
  const foreign =
    origins.some((origin) => !rules.hosts.isOwnOrigin(origin.trim(), host)) ||
    sites.some((site) => site !== 'same-origin' && site !== 'none');
  return foreign ? new TightropeError('origin_not_allowed') : null;
}

/** Whether the request changes something or opens a socket: those need more than a good Host. */
export function isUnsafe(visitor: Visitor): boolean {
  return !SAFE_METHODS.has(visitor.method.toUpperCase()) || headerValues(visitor.rawHeaders, 'upgrade').length > 0;
}

/** Whether the request certainly comes from this machine. */
export function isOnThisMachine(rules: GuardRules, visitor: Visitor): boolean {
  return resolveClient(visitor, rules.trustedProxies).onThisMachine;
}

/**
 * The decision for `/api`: the refusal, or `null` to let the visitor in. Host, then origin, then the admin token; without
 * a token only this machine's own requests pass, and unsafe ones only from our own page.
 */
export function refuseAdmin(
  rules: GuardRules,
  visitor: Visitor,
  foreignBearer: ForeignBearer = 'refuse',
): TightropeError | null {
  const foreign = refuseForeignPage(rules, visitor);
  if (foreign !== null) return foreign;
  const token = bearer(visitor);
  if (token !== null) {
    if (token !== '' && rules.isAdminToken(token)) return null;
    if (foreignBearer === 'refuse') return tokenRefusal('This bearer is not the admin token.');
  }
  if (!isOnThisMachine(rules, visitor)) {
    return tokenRefusal('This request does not come from this machine: send the admin token as a bearer.');
  }
  if (isUnsafe(visitor) && headerValues(visitor.rawHeaders, 'origin').length === 0) {
    return tokenRefusal('Outside the page, changes need the admin token as a bearer.');
  }
  return null;
}

/** Lets a request through to `/api` or answers with the refusal. */
export function guardMiddleware(rules: GuardRules, foreignBearer: (path: string) => ForeignBearer): RequestHandler {
  return (request, _response, next) => {
    next(refuseAdmin(rules, visitorOf(request), foreignBearer(request.path)) ?? undefined);
  };
}

/** The guard's view of an HTTP request. */
export function visitorOf(request: {
  readonly method?: string | undefined;
  readonly headers: { readonly host?: string | undefined; readonly origin?: string | undefined };
  readonly rawHeaders: readonly string[];
  readonly socket: { readonly remoteAddress?: string | undefined };
}): Visitor {
  return {
    remoteAddress: request.socket.remoteAddress,
    method: request.method ?? 'GET',
    host: request.headers.host,
    origin: request.headers.origin,
    rawHeaders: request.rawHeaders,
  };
}

/** A repeated Host is refused: which of them a proxy in front looked at cannot be known. */
function acceptedHost(rules: GuardRules, visitor: Visitor): HostAndPort | null {
  return headerValues(visitor.rawHeaders, 'host').length > 1 ? null : rules.hosts.accept(visitor.host);
}

/** The presented bearer; `''` when `Authorization` is there but is no single bearer, `null` when it is absent. */
function bearer(visitor: Visitor): string | null {
  const values = headerValues(visitor.rawHeaders, 'authorization');
  if (values.length === 0) return null;
  const match = values.length === 1 ? /^bearer +(\S+)$/i.exec((values[0] ?? '').trim()) : null;
  return match?.[1] ?? '';
}

function hostRefusal(): TightropeError {
  return new TightropeError('host_not_allowed', {
    message: 'This Host is not served here. Names besides localhost are listed in TIGHTROPE_ALLOWED_HOSTS.',
  });
}

function tokenRefusal(message: string): TightropeError {
  return new TightropeError('admin_token_required', {
    message,
    headers: { 'www-authenticate': 'Bearer realm="tightrope"' },
  });
}
