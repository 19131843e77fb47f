/** Which names this process answers to, and which web origins are its own page (design §5: DNS rebinding, CSRF). */
import { type HostAndPort, parseHost } from '../platform/peer-address';

/** The names of this process. */
export interface HostAllowList {
  /** The host a request names, or `null` when it is not one of ours. */
  accept(hostHeader: string | undefined): HostAndPort | null;
  /** Whether a web origin (`https://name:port`) is our own page as reached under `host`. */
  isOwnOrigin(origin: string, host: HostAndPort): boolean;
}

/** Always ours: a rebinding attack cannot make a browser send these for a foreign page. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '::1'];

/** Binding to every address gives no name to answer to; such names come from `allowedHosts`. */
const WILDCARD_ADDRESSES = new Set(['0.0.0.0', '::']);

/**
 * @param bindHost the address or name the listener is bound to.
 * @param allowedHosts `TIGHTROPE_ALLOWED_HOSTS`: `name` (any port) or `name:port` (this port only). Unreadable entries
 *   match nothing.
 */
export function hostAllowList(bindHost: string, allowedHosts: readonly string[]): HostAllowList {
  const configured = allowedHosts.map(readEntry).filter((entry) => entry !== null);
  const bound = readEntry(bindHost);
  const rules: HostAndPort[] = LOOPBACK_NAMES.map((host) => ({ host, port: null }));
  if (bound !== null && !WILDCARD_ADDRESSES.has(bound.host)) rules.push({ host: bound.host, port: null });
  rules.push(...configured);

  return {
    accept(hostHeader) {
      const named = parseHost(hostHeader);
      return named !== null && rules.some((rule) => covers(rule, named)) ? named : null;
    },
    isOwnOrigin(origin, host) {
      const page = originAuthority(origin);
      if (page === null) return false;
      if (page.host === host.host && page.port === (host.port ?? page.defaultPort)) return true;
      // A reverse proxy may rewrite Host; its public name is ours only because the operator listed it.
      return configured.some((rule) => rule.host === page.host && page.port === (rule.port ?? page.defaultPort));
    },
  };
}

function covers(rule: HostAndPort, named: HostAndPort): boolean {
  return rule.host === named.host && (rule.port === null || rule.port === named.port);
}

/** A bare IPv6 address is accepted in configuration without its brackets. */
function readEntry(entry: string): HostAndPort | null {
  return parseHost(entry) ?? parseHost(`[${entry.trim()}]`);
}

/** Host and effective port of an http(s) origin; `null` for `null`, other schemes and garbage. */
function originAuthority(origin: string): { host: string; port: number; defaultPort: number } | null {
  const match = /^(https?):\/\/([^/?#@\s]+)$/i.exec(origin);
  const authority = parseHost(match?.[2]);
  if (match === null || authority === null) return null;
  const defaultPort = match[1]?.toLowerCase() === 'https' ? 443 : 80;
  return { host: authority.host, port: authority.port ?? defaultPort, defaultPort };
}
