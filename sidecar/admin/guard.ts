/**
 * Who may use the control plane, decided from the request's head alone (design §5, §11). The same rules serve Express
 * (`guardMiddleware`), sockets, and through `proxy-door.ts` the data plane.
 */
import type { RequestHandler, Response } from 'express';
import { TightropeError } from '../platform/errors';
import { type AddressSet, headerValues, type HostAndPort, resolveClient } from '../platform/peer-address';
import { setActor, type Actor } from '../signin/actor';
import { sessionCookie, sessionSecretOf } from '../signin/session-cookie';
import type { SigninService } from '../signin/signin-service';
import type { HostAllowList } from './host-allow-list';
import { accessOf, readersMay, type PathAccess } from './path-access';

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
  readonly signin: SigninGate;
}

/** What the guard asks of sign-in. */
export type SigninGate = Pick<SigninService, 'passwordSet' | 'session' | 'isComplete' | 'touch'>;

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
 * The decision for `/api`: who the visitor is, or the refusal. Host, then origin, then the admin token; then, where a password
 * is set, the session; where none is, this machine. Without the token, changes and sockets come only from our own page.
 */
export function admit(rules: GuardRules, visitor: Visitor, access: PathAccess): Actor | TightropeError {
  const foreign = refuseForeignPage(rules, visitor);
  if (foreign !== null) return foreign;
  const { address, onThisMachine } = resolveClient(visitor, rules.trustedProxies);
  const token = bearer(visitor);
  if (token !== null) {
    if (token !== '' && rules.isAdminToken(token))
      return { kind: 'admin_token', role: 'admin', address, sessionId: null };
    if (access !== 'clients') return tokenRefusal('This bearer is not the admin token.');
  }
  if (isUnsafe(visitor) && headerValues(visitor.rawHeaders, 'origin').length === 0) {
    return tokenRefusal('Outside the page, changes need the admin token as a bearer.');
  }
  const session = rules.signin.session(sessionSecretOf(visitor.rawHeaders));
  if (session !== null && rules.signin.isComplete(session)) {
    return { kind: 'session', role: session.role, address, sessionId: session.id };
  }
  return admitWithoutSession(rules, access, { kind: 'local', role: 'reader', address, sessionId: null }, onThisMachine);
}

function admitWithoutSession(
  { signin }: GuardRules,
  access: PathAccess,
  visitor: Actor,
  onThisMachine: boolean,
): Actor | TightropeError {
  if (access === 'everyone') return visitor;
  if (access === 'admins' && signin.passwordSet()) return new TightropeError('auth_required');
  if (onThisMachine) return { ...visitor, role: 'admin' };
  return tokenRefusal('This request does not come from this machine: sign in, or send the admin token as a bearer.');
}

/** Why this actor may not do that; `null` = it may. Readers see everything and change nothing. */
export function refuseRole(actor: Actor, method: string, path: string): TightropeError | null {
  const isChange = !SAFE_METHODS.has(method.toUpperCase());
  return actor.role === 'reader' && isChange && !readersMay(path) ? new TightropeError('read_only_role') : null;
}

/** Lets a request through to `/api`, names its actor, and keeps its session alive; or answers with the refusal. */
export function guardMiddleware(rules: GuardRules): RequestHandler {
  return (request, response, next) => {
    const visitor = visitorOf(request);
    const actor = admit(rules, visitor, accessOf(request.path));
    if (actor instanceof TightropeError) {
      next(actor);
      return;
    }
    setActor(response, actor);
    keepAlive(rules.signin, visitor, response);
    next(refuseRole(actor, request.method, request.path) ?? undefined);
  };
}

function keepAlive(signin: SigninGate, visitor: Visitor, response: Response): void {
  const secret = sessionSecretOf(visitor.rawHeaders);
  const session = signin.session(secret);
  const maxAgeMs = session === null ? null : signin.touch(session);
  if (secret === null || maxAgeMs === null) return;
  const isHttps = (visitor.origin ?? '').toLowerCase().startsWith('https:');
  response.setHeader('set-cookie', sessionCookie(secret, maxAgeMs, isHttps));
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
