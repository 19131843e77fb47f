/** Wires the gateway: transport, selector, routes, admission. */
import type { CatalogueService } from './catalogue/catalogue-service';
import { Gateway } from './gateway/gateway';
import type { Door, IntakeGate, TurnLedger } from './gateway/ports';
import { ModelNames } from './gateway/protocol/model-names';
import { createGatewayRouter } from './gateway/routes/router';
import { frameVerdicts } from './gateway/relay/frame-verdict';
import { gatewayRoutes, type RouteServices } from './gateway/routes/table';
import type { Continuity } from './gateway/routing/continuity';
import type { Selector } from './gateway/routing/selector';
import { SocketDoor } from './gateway/sockets/socket-door';
import { createAdmission } from './gateway/turn/admission';
import { createDirectTransport } from './gateway/upstream/http1/direct-transport';
import type { UpstreamTransport } from './gateway/upstream/transport';
import { createProxiedTransport } from './gateway/upstream/proxied-transport';
import { SocketPool } from './gateway/upstream/socket-pool';
import { createCoarseTimers } from './platform/coarse-timers';
import { uuidv7 } from './platform/ids';
import { createPayloadCapture } from './platform/payload-capture';
import type { Services } from './services';

export interface DataPlane {
  readonly gateway: Gateway;
  /** Ends upstream connections and timers. */
  close(): Promise<void>;
}

export interface DataPlaneParts {
  readonly services: Services;
  readonly catalogue: CatalogueService;
  readonly selector: Selector;
  readonly continuity: Continuity;
  readonly door: Door;
  readonly gate: IntakeGate;
}

/** Granularity of idle, hold and keepalive timers, ms. */
const TIMER_TICK_MS = 50;
/** How long `response.created` waits for the first output, ms: long enough for an overload that follows at once. */
const HOLD_MS = 100;
/** `TIGHTROPE_BENCH_BARE`: what the log costs is measured against this. */
const NO_LEDGER: TurnLedger = { record: () => undefined };

/** Bytes of a body that a trace line shows (spec proxy 11.2). */
const TRACE_BYTES = 2048;

export function createDataPlane({ services, catalogue, selector, continuity, door, gate }: DataPlaneParts): DataPlane {
  const { config, logger, accounts, clock } = services;
  const { upstream } = config;
  const base = new URL(upstream.baseUrl);
  const transport = createTransport(services, base);
  const sockets = new SocketDoor({
    idleMs: upstream.responsesWsIdleTimeoutMs,
    heartbeatMs: upstream.responsesWsHeartbeatIntervalMs,
  });
  const timers = createCoarseTimers(TIMER_TICK_MS);
  const defects = logger.child({ component: 'gateway' });
  const now = (): number => clock.now();
  const routes = gatewayRoutes({
    transport,
    timers,
    names: new ModelNames({ settings: () => services.settings.current(), models: () => catalogue.known() }),
    now,
    idleMs: upstream.streamIdleTimeoutMs,
    holdMs: HOLD_MS,
    pool: accounts,
    selector,
    continuity,
    budgetMs: upstream.streamBudgetMs,
    callBudgetMs: upstream.timeoutMs,
    upstreamBasePath: base.pathname.replace(/\/+$/, ''),
    userAgent: services.userAgent,
    keepaliveMs: upstream.sseKeepaliveMs,
    compressRequests: upstream.requestCompression,
    captureInvalidBody: invalidBodyCapture(services),
    traceUpstreamBody: upstreamBodyTrace(services),
    noteUserAgent: (userAgent) => catalogue.noteClientVersion(userAgent),
    models: catalogue,
    limits: services.quota,
    keys: services.keys,
  });
  const gateway = new Gateway({
    door,
    gate,
    router: createGatewayRouter(routes),
    sockets,
    upstreamSockets: transport,
    admission: createAdmission(upstream.maxTurnsInFlight),
    ledger: config.bench.bare ? NO_LEDGER : services.ledger,
    limits: services.quota,
    get strategy() {
      return selector.strategy;
    },
    now,
    newId: () => uuidv7(),
    onDefect: (thrown, requestId) => defects.error('turn_defect', { requestId, error: thrown }),
  });
  return {
    gateway,
    close: async () => {
      sockets.closeAll();
      timers.stop();
      await transport.close();
    },
  };
}

/** HTTP and WebSocket to the same upstream. */
function createTransport({ config, agents, clock }: Services, base: URL): SocketPool {
  const { upstream } = config;
  const isSecure = base.protocol === 'https:';
  return new SocketPool({
    http: createHttpTransport(upstream, base.origin),
    url: `${isSecure ? 'wss' : 'ws'}://${base.host}${base.pathname.replace(/\/+$/, '')}/codex/responses`,
    agent: isSecure ? agents.https : agents.http,
    connectTimeoutMs: upstream.connectTimeoutMs,
    livenessMs: upstream.wsLivenessMs,
    rotateAfterMs: upstream.wsRotateAfterMs,
    lookEveryMs: upstream.bridgePollTimeoutMs,
    verdictOn: frameVerdicts(),
    now: () => clock.now(),
  });
}

/** Forward proxies are a library's business; the plain way is ours. */
function createHttpTransport(upstream: Services['config']['upstream'], origin: string): UpstreamTransport {
  const proxied = upstream.httpsProxy !== null || upstream.httpProxy !== null;
  return proxied ? createProxiedTransport({ ...upstream, origin }) : createDirectTransport({ ...upstream, origin });
}

function invalidBodyCapture({ config, clock, logger }: Services): RouteServices['captureInvalidBody'] {
  const folder = config.upstream.invalidPayloadCaptureDir;
  if (folder === null) return null;
  const capture = createPayloadCapture(folder, () => clock.now(), logger.child({ component: 'gateway' }));
  return ({ record, request }, body, reason) => {
    capture({ requestId: record.requestId, route: record.path, reason, rawHeaders: request.rawHeaders, body });
  };
}

/** `TIGHTROPE_PROXY_TRACE_UPSTREAM_PAYLOAD`: prompts in the log, at level debug only. */
function upstreamBodyTrace({ config, logger }: Services): RouteServices['traceUpstreamBody'] {
  if (!config.upstream.tracePayload) return null;
  const trace = logger.child({ component: 'gateway' });
  return ({ record }, body) => {
    const payload = body.toString('utf8', 0, TRACE_BYTES);
    trace.debug('upstream_payload_trace', { requestId: record.requestId, bytes: body.length, payload });
  };
}
