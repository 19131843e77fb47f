/** The whole data plane in this process: a gateway with the Codex route over any pool and any upstream, on clocks of the test's. */
import type { TurnRecord } from '../../../../../sidecar/contract/turn-record';
import { Gateway } from '../../../../../sidecar/gateway/gateway';
import type { AccountPool, KeyRing } from '../../../../../sidecar/gateway/ports';
import { ModelNames } from '../../../../../sidecar/gateway/protocol/model-names';
import type { GenerationServices } from '../../../../../sidecar/gateway/routes/generation';
import { createGatewayRouter, type RouteHandler } from '../../../../../sidecar/gateway/routes/router';
import { responsesRoute } from '../../../../../sidecar/gateway/routes/responses';
import { AffinityTable } from '../../../../../sidecar/gateway/routing/affinity-table';
import { Continuity } from '../../../../../sidecar/gateway/routing/continuity';
import { OwnerIndex } from '../../../../../sidecar/gateway/routing/owner-index';
import type { RoutingRules } from '../../../../../sidecar/gateway/routing/routing-ports';
import { createSelector, type Selector } from '../../../../../sidecar/gateway/routing/selector';
import { SocketDoor } from '../../../../../sidecar/gateway/sockets/socket-door';
import { createAdmission } from '../../../../../sidecar/gateway/turn/admission';
import type { UpstreamTransport } from '../../../../../sidecar/gateway/upstream/transport';
import { RULES } from '../../routing/selector-fixture';
import { ManualTimers } from './manual-timers';

export interface DataPlaneParts {
  readonly pool: AccountPool;
  readonly transport: UpstreamTransport;
  /** UTC ms. */
  readonly now: () => number;
  readonly random: () => number;
  readonly onDefect: (thrown: unknown) => void;
  /** Changes of the routing rules. */
  readonly rules?: Partial<RoutingRules>;
  /** What serves `ROUTE`; left out = the Codex route of the product. */
  readonly route?: (services: GenerationServices) => RouteHandler;
}

export interface DataPlane {
  readonly gateway: Gateway;
  readonly selector: Selector;
  readonly continuity: Continuity;
  readonly timers: ManualTimers;
  /** Records of the turns that have ended. */
  readonly rows: TurnRecord[];
}

/** Longest silence of an upstream, ms. */
export const IDLE_MS = 60_000;
/** The one path there is. */
export const ROUTE = '/backend-api/codex/responses';
const HALF_AN_HOUR_MS = 1_800_000;

export function openDataPlane(parts: DataPlaneParts): DataPlane {
  const { pool, transport, now, random, onDefect, route = codexRoute } = parts;
  const rules: RoutingRules = { ...RULES, ...parts.rules };
  const limits = {
    noteHeaders: () => undefined,
    noteEvent: () => undefined,
    noteError: () => null,
    pooledHeaders: () => [],
  };
  const sink = { saveOwner: () => undefined, saveAffinity: () => undefined };
  const continuity = new Continuity(
    new OwnerIndex({ sink, now, responseMs: HALF_AN_HOUR_MS }),
    new AffinityTable({ sink, now, lifetimeMs: () => HALF_AN_HOUR_MS }),
  );
  const timers = new ManualTimers();
  const selector = createSelector({ pool, rules: () => rules, now, random });
  const rows: TurnRecord[] = [];
  let ids = 0;
  const services = {
    transport,
    timers,
    now,
    limits,
    budgetMs: 10 * IDLE_MS,
    idleMs: IDLE_MS,
    holdMs: 300,
    pool,
    selector,
    keys: NO_KEYS,
    names: new ModelNames({ settings: () => ({ modelAliases: {}, anthropicModels: {} }), models: () => [] }),
    continuity,
    upstreamBasePath: '/backend-api',
    userAgent: 'tightrope/0',
    keepaliveMs: 15_000,
    compressRequests: false,
    noteUserAgent: () => undefined,
    captureInvalidBody: null,
    traceUpstreamBody: null,
  };
  const gateway = new Gateway({
    door: { admit: () => ({ apiKeyId: null, seesAccount: true }) },
    gate: { refuse: () => null },
    router: createGatewayRouter([{ method: 'POST', path: ROUTE, handle: route(services) }]),
    admission: createAdmission(64),
    sockets: new SocketDoor({ idleMs: IDLE_MS, heartbeatMs: IDLE_MS }),
    upstreamSockets: { isRefused: true, pass: () => false, hold: () => () => undefined },
    ledger: { record: (row) => rows.push(row) },
    limits,
    strategy: RULES.strategy,
    now,
    newId: () => `id-${String((ids += 1))}`,
    onDefect,
  });
  return { gateway, selector, continuity, timers, rows };
}

/** Nobody here comes with a key. */
const NO_KEYS: KeyRing = {
  rulesOf: () => {
    throw new Error('no key was presented');
  },
  reserve: () => {
    throw new Error('no key was presented');
  },
};

function codexRoute(services: GenerationServices): RouteHandler {
  return responsesRoute(services, 'codex');
}

/** Everything that waits for a promise or the next turn of the event loop goes on. */
export function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
