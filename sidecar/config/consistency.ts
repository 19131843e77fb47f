/**
 * Whether times fit each other (design §7). Nothing here stops a start: each value is valid on its own, the pair only
 * does not do what its author expects. So it is a warning that names both, and the values stay as they were given.
 */
import type { Config } from './config';
import type { ConfigWarning } from './problem';
import type { Source } from './setting';

/** Where each value came from, by path in the Config. */
export type Sources = ReadonlyMap<string, Source>;

interface Order {
  readonly lesser: string;
  readonly greater: string;
  /** Whether both may be equal. */
  readonly orEqual: boolean;
  /** What happens otherwise. */
  readonly otherwise: string;
}

const ORDERS: readonly Order[] = [
  {
    lesser: 'upstream.sseKeepaliveMs',
    greater: 'upstream.streamIdleTimeoutMs',
    orEqual: false,
    otherwise: 'a silent stream is ended before its first keepalive',
  },
  {
    lesser: 'upstream.streamIdleTimeoutMs',
    greater: 'upstream.streamBudgetMs',
    orEqual: true,
    otherwise: 'the budget ends a silent stream first',
  },
  {
    lesser: 'upstream.connectTimeoutMs',
    greater: 'upstream.timeoutMs',
    orEqual: true,
    otherwise: 'the connect timeout is never reached',
  },
  {
    lesser: 'usage.connectTimeoutMs',
    greater: 'usage.timeoutMs',
    orEqual: true,
    otherwise: 'the connect timeout is never reached',
  },
  {
    lesser: 'upstream.bridgePollTimeoutMs',
    greater: 'upstream.wsLivenessMs',
    orEqual: true,
    otherwise: 'a dead upstream WebSocket is noticed late',
  },
  {
    lesser: 'upstream.wsLivenessMs',
    greater: 'upstream.wsRotateAfterMs',
    orEqual: false,
    otherwise: 'an upstream WebSocket is replaced before its liveness was ever checked',
  },
  {
    lesser: 'tokenRefresh.checkIntervalMs',
    greater: 'tokenRefresh.successCycleMs',
    orEqual: true,
    otherwise: 'logins are refreshed later than their cycle says',
  },
  {
    lesser: 'sticky.cleanupIntervalMs',
    greater: 'sticky.ttlMs',
    orEqual: true,
    otherwise: 'expired bindings stay in the table for several lifetimes',
  },
];

/** One warning for each pair that does not fit, and for an upstream that would get tokens over an open wire. */
export function inconsistencies(config: Config, sources: Sources): ConfigWarning[] {
  return [...ORDERS.flatMap((order) => violatedOrder(order, config, sources)), ...openWire(config, sources)];
}

/** Least time between two looks at an upstream socket; ms. */
const LEAST_POLL_MS = 100;

/**
 * The poll of an upstream socket within its bounds: 100 ms to the call timeout, which wins when it is below 100
 * (spec/data-security.md 1.4.2, where the range of the original is inverted).
 */
export function boundedPollMs({ bridgePollTimeoutMs, timeoutMs }: Config['upstream']): number {
  return Math.min(Math.max(bridgePollTimeoutMs, LEAST_POLL_MS), timeoutMs);
}

function violatedOrder(
  { lesser, greater, orEqual, otherwise }: Order,
  config: Config,
  sources: Sources,
): ConfigWarning[] {
  const below = numberAt(config, lesser);
  const above = numberAt(config, greater);
  if (below < above || (orEqual && below === above)) return [];
  const named = (path: string, value: number): string => `${path} (${value}, ${sources.get(path) ?? 'default'})`;
  const relation = orEqual ? 'should not be above' : 'should be below';
  const message = `${named(lesser, below)} ${relation} ${named(greater, above)}: ${otherwise}`;
  return [{ message, key: lesser, source: sources.get(lesser) ?? 'default' }];
}

/** Tokens go to both; `http://` is for tests on this machine. */
function openWire({ upstream, oauth }: Config, sources: Sources): ConfigWarning[] {
  const bases = [
    { path: 'upstream.baseUrl', url: new URL(upstream.baseUrl) },
    { path: 'oauth.baseUrl', url: new URL(oauth.baseUrl) },
  ];
  return bases
    .filter(({ url }) => url.protocol === 'http:' && !isThisMachine(url.hostname))
    .map(({ path }) => ({
      message: `${path} is an http:// URL of another machine: account tokens would cross the network unencrypted`,
      key: path,
      source: sources.get(path) ?? 'default',
    }));
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

function numberAt(config: Config, path: string): number {
  const [section = '', property = ''] = path.split('.');
  const sections: Readonly<Record<string, Readonly<Record<string, unknown>>>> = config;
  return Number(sections[section]?.[property]);
}
