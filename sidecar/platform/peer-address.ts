/**
 * Who is at the other end: addresses, CIDR lists, forwarding headers and `Host` values. Pure functions; both planes
 * use them so that "this machine" means the same everywhere (design §5).
 */
import { BlockList, isIP, SocketAddress } from 'node:net';

/** A list of networks, e.g. the configured reverse proxies. */
export interface AddressSet {
  contains(address: string): boolean;
  readonly size: number;
  /** Entries that are neither an address nor a CIDR; they match nothing. */
  readonly invalid: readonly string[];
}

/** Where a request really comes from. */
export interface ClientAddress {
  /** Normalised address, `null` when it cannot be known. */
  readonly address: string | null;
  /** True only when it is certain that the request was made on this machine. */
  readonly onThisMachine: boolean;
}

/** What is known of a request before anything of it is trusted. */
export interface PeerFacts {
  /** `socket.remoteAddress`. */
  readonly remoteAddress: string | undefined;
  /** Names and values in turn, as received (`IncomingMessage.rawHeaders`): repeated headers stay visible here. */
  readonly rawHeaders: readonly string[];
}

/** A `Host` header or the host part of a URL. `host` is lower-case, IPv6 without brackets; `port` `null` = not given. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number | null;
}

/** Canonical text of an IP address, `null` when it is none. `::ffff:a.b.c.d` becomes `a.b.c.d`; a zone id is dropped. */
export function normalizeAddress(text: string | undefined): string | null {
  const bare = text?.trim().replace(/%.*$/, '') ?? '';
  const family = isIP(bare);
  if (family === 0) return null;
  if (family === 4) return bare;
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  return mapped?.[1] ?? address;
}

/** Whether a normalised address is this machine's loopback (127.0.0.0/8 or ::1). */
export function isLoopback(address: string | null): boolean {
  return address !== null && (address === '::1' || (isIP(address) === 4 && address.startsWith('127.')));
}

/** Reads addresses and CIDRs (`10.0.0.0/8`, `fd00::/8`, `192.0.2.7`). A network never matches the other family. */
export function addressSet(entries: readonly string[]): AddressSet {
  const list = new BlockList();
  const invalid: string[] = [];
  for (const entry of entries) {
    if (!addNetwork(list, entry)) invalid.push(entry);
  }
  return {
    size: entries.length - invalid.length,
    invalid,
    contains(address) {
      const normal = normalizeAddress(address);
      return normal !== null && list.check(normal, isIP(normal) === 6 ? 'ipv6' : 'ipv4');
    },
  };
}

function addNetwork(list: BlockList, entry: string): boolean {
  const [network = '', prefix, ...rest] = entry.trim().split('/');
  const address = normalizeAddress(network);
  if (address === null || rest.length > 0) return false;
  const bits = isIP(address) === 6 ? 128 : 32;
  const family = bits === 128 ? 'ipv6' : 'ipv4';
  if (prefix === undefined) {
    list.addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return false;
  list.addSubnet(address, Number(prefix), family);
  return true;
}

/**
 * Header names (lower-case) that only a proxy adds. `X-Forwarded-*` is matched by prefix. The CDN names are here so that a
 * tunnel which sets nothing else cannot pass for this machine either.
 */
const FORWARDING_HEADERS = new Set(['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip']);

function isForwardingHeader(name: string): boolean {
  return name.startsWith('x-forwarded-') || FORWARDING_HEADERS.has(name);
}

/** All values of a header, in the order received. `name` in lower case. */
export function headerValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}

/**
 * Finds the client behind a peer. Forwarding headers count only from a trusted proxy, and of them only
 * `X-Forwarded-For`, right-most hop that is not itself trusted first (what stands left of it is the client's own claim).
 * Any forwarding header from another peer, or one that cannot be read, makes the client unknown and off the machine:
 * a reverse proxy on this host must never turn the world into localhost (design §5).
 */
export function resolveClient(facts: PeerFacts, trustedProxies: AddressSet): ClientAddress {
  const peer = normalizeAddress(facts.remoteAddress);
  const forwarded = facts.rawHeaders.some((name, index) => index % 2 === 0 && isForwardingHeader(name.toLowerCase()));
  if (peer === null) return { address: null, onThisMachine: false };
  if (!forwarded) return { address: peer, onThisMachine: isLoopback(peer) };
  if (!trustedProxies.contains(peer)) return { address: peer, onThisMachine: false };

  const hops = headerValues(facts.rawHeaders, 'x-forwarded-for').join(',').split(',').map(normalizeAddress);
  if (hops.includes(null)) return { address: null, onThisMachine: false };
  const client = hops.findLast((hop) => hop !== null && !trustedProxies.contains(hop)) ?? hops[0] ?? null;
  return { address: client, onThisMachine: isLoopback(client) };
}

/** Reads `host`, `host:port`, `[v6]` or `[v6]:port`; `null` when the text is anything else (user info, path, spaces). */
export function parseHost(text: string | undefined): HostAndPort | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(text?.trim() ?? '');
  if (match === null) return null;
  const [, bracketed, name, portText] = match;
  const host = bracketed === undefined ? (name ?? '').toLowerCase() : normalizeAddress(bracketed);
  const port = portText === undefined ? null : Number(portText);
  if (host === null || (port !== null && port > 65_535)) return null;
  return { host, port };
}
