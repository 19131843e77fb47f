/** The composition root of the server: builds every service once, hands it over, and takes everything down again. */
import type { Server } from 'node:http';
import { scheduleTokenRefresh } from './accounts/refresh-schedule';
import { createAdminSockets } from './admin/admin-sockets';
import type { GuardRules } from './admin/guard';
import { createProxyDoor, type ProxyDoor } from './admin/proxy-door';
import { ProxySwitch } from './admin/proxy-switch';
import { CatalogueService } from './catalogue/catalogue-service';
import { ClientVersions } from './catalogue/client-version';
import { floorModels } from './catalogue/floor';
import { createFetchModels } from './catalogue/upstream-models';
import { looksLikeKey } from './keys/key-secret';
import type { LoadedConfig } from './config/load';
import { CodexSetupService } from './codex-setup/codex-setup-service';
import { createControlPlane } from './control-plane';
import { createDataPlane, type DataPlane } from './data-plane';
import { createListener } from './gateway/listener';
import { previewRouting } from './gateway/routing/routing-preview';
import { createSelector, type Selector } from './gateway/routing/selector';
import { retentionJob } from './ledger/retention';
import { liveSockets } from './live/live-routes';
import type { LiveService } from './live/live-service';
import { openLive } from './open-live';
import { TightropeError } from './platform/errors';
import { uuidv7 } from './platform/ids';
import { listen } from './platform/listen';
import { createLogger } from './platform/logger';
import { createScheduler } from './platform/scheduler';
import { endsWithin } from './platform/time-limit';
import { intakeGate, openAdminDoor } from './open-door';
import { openContinuity, type OpenedContinuity } from './open-continuity';
import { openServices, type Services } from './services';
import { followRoutingRules } from './settings/routing-rules';

export interface StartOptions {
  readonly loaded: LoadedConfig;
  readonly version: string;
  /** Folder of the bundle; the page lies in `ui` beside it. */
  readonly programDir: string;
}

export interface RunningApp {
  /** `http://127.0.0.1:2455` */
  readonly address: string;
  readonly accounts: number;
  /** Resolves when somebody asked the process to stop by `POST /api/runtime/shutdown`. */
  readonly stopRequested: Promise<void>;
  /** Refuses new work, lets turns finish within the drain timeout, ends the rest honestly, then stops. */
  drain(): Promise<void>;
  /** Ends every turn and stops. */
  stopNow(): Promise<void>;
}

const RETENTION_INTERVAL_MS = 3_600_000;
/** No turn outlives its budget; what is open for so much longer belongs to a process that died, ms. */
const RESERVATION_GRACE_MS = 3_600_000;
/** Ended turns get this long to hand their last bytes to the socket. */
const LAST_BYTES_MS = 1000;

/** @throws TightropeError saying what stands in the way and what to do; everything opened is closed again */
export async function startApp(options: StartOptions): Promise<RunningApp> {
  const { config } = options.loaded;
  const logger = createLogger(config.logging);
  let inflight = (_accountId: string): number => 0;
  const services = await openServices({
    config,
    logger,
    version: options.version,
    inflight: (accountId) => inflight(accountId),
  });
  try {
    const selector = createRouting(services);
    inflight = (accountId) => selector.inflight(accountId);
    const continuity = await openContinuity(services);
    return await serve(options, services, { selector, continuity });
  } catch (thrown) {
    await services.close();
    throw thrown;
  }
}

interface WhoServes {
  readonly selector: Selector;
  readonly continuity: OpenedContinuity;
}

async function serve(
  { version, programDir }: StartOptions,
  services: Services,
  { selector, continuity }: WhoServes,
): Promise<RunningApp> {
  const { config, logger } = services;
  const instanceId = uuidv7();
  const adminDoor = await openAdminDoor(services);
  const { rules } = adminDoor;
  const proxySwitch = await ProxySwitch.load(services.settingsStore, services.events);
  const catalogue = createCatalogue(services);
  const dataPlane = createDataPlane({
    services,
    catalogue,
    selector,
    continuity: continuity.ties,
    door: createDoor(services, rules),
    gate: intakeGate(services, proxySwitch),
  });
  const { gateway } = dataPlane;
  const turnsInFlight = (): number => gateway.inFlight();
  const live = openLive(services, { version, instanceId, openTurns: () => gateway.openRecords() });
  const place = { address: '' };
  const admin = createControlPlane({
    services,
    live,
    catalogue,
    proxySwitch,
    adminDoor,
    version,
    instanceId,
    programDir,
    turnsInFlight,
    previewRouting: previewRouting(selector, (request) => continuity.ties.previewBinding(request)),
    sessions: continuity.sessions,
    codexSetup: createCodexSetup(services, () => place.address),
  });
  const adminUpgrade = createAdminSockets({
    routes: liveSockets(live),
    refuse: adminDoor.refuseSocket,
    onDefect: (error) => logger.error('admin_upgrade_failed', { error }),
  });
  const server = createListener({ proxied: gateway.handle, admin, upgrade: gateway.upgrade, adminUpgrade });
  const running = new Running({ services, server, dataPlane, catalogue, proxySwitch, continuity, live });
  try {
    const address = await listen(server, config.server.host, config.server.port);
    place.address = address;
    await services.lock.announce({ address, version, instanceId });
    logger.info('listening', { address, accounts: services.accounts.total() });
    return running.at(address, adminDoor.stopRequested);
  } catch (thrown) {
    await running.takeDown();
    throw thrown;
  }
}

/** Who may use the proxy. */
function createDoor({ accounts, firewall, keys, settings }: Services, rules: GuardRules): ProxyDoor {
  return createProxyDoor({
    rules,
    firewall,
    keys: { looksLikeKey, identify: (secret) => keys.identify(secret) },
    keysRequired: () => settings.current().apiKeyAuthEnabled,
    isPoolToken: (presented) => accounts.holdsToken(presented),
  });
}

/** Who serves: settings, policies and signals behind one selector. */
function createRouting({ accounts, clock, config, quota, settings }: Services): Selector {
  return createSelector({
    pool: accounts,
    policies: accounts,
    quota,
    rules: followRoutingRules(settings, config.upstream.modelPricing),
    now: () => clock.now(),
    random: Math.random,
  });
}

function createCodexSetup({ clock, config, dataDir }: Services, address: () => string): CodexSetupService {
  return new CodexSetupService({ dataDir, codexHome: config.codex.home, address, now: () => clock.now() });
}

function createCatalogue({ accounts, agents, clock, config, logger, userAgent }: Services): CatalogueService {
  const { baseUrl, connectTimeoutMs, codexClientVersion } = config.upstream;
  return new CatalogueService({
    accounts,
    fetchModels: createFetchModels({ baseUrl, connectTimeoutMs, timeoutMs: config.usage.timeoutMs, userAgent, agents }),
    versions: new ClientVersions(codexClientVersion),
    floor: floorModels(),
    clock,
    logger: logger.child({ component: 'catalogue' }),
  });
}

interface RunningParts {
  readonly services: Services;
  readonly server: Server;
  readonly dataPlane: DataPlane;
  readonly catalogue: CatalogueService;
  readonly proxySwitch: ProxySwitch;
  readonly continuity: OpenedContinuity;
  readonly live: LiveService;
}

/** What runs, and how it ends. */
class Running {
  readonly #parts: RunningParts;
  readonly #scheduler;
  #draining: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;

  constructor(parts: RunningParts) {
    this.#parts = parts;
    const { services } = parts;
    const { requestLogDays, eventDays } = services.config.retention;
    this.#scheduler = createScheduler(services.logger.child({ component: 'scheduler' }));
    this.#scheduler.every(
      'retention',
      RETENTION_INTERVAL_MS,
      retentionJob({ ...services, requestLogDays, eventDays }),
      { runAtStart: true },
    );
    const { accounts, audit, clock, cluster, config, keys, quota } = services;
    this.#scheduler.every('audit_retention', RETENTION_INTERVAL_MS, () => audit.prune(), { runAtStart: true });
    quota.schedule(this.#scheduler);
    const { cleanupIntervalMs } = config.sticky;
    this.#scheduler.every('continuity_cleanup', cleanupIntervalMs, () => parts.continuity.dropExpired());
    const staleAfterMs = config.upstream.streamBudgetMs + RESERVATION_GRACE_MS;
    this.#scheduler.every('api-key-reservations', RETENTION_INTERVAL_MS, () => keys.sweep(clock.now() - staleAfterMs));
    scheduleTokenRefresh({
      scheduler: this.#scheduler,
      cluster,
      times: services.config.tokenRefresh,
      sweep: (kind, signal) => accounts.sweepLogins(kind, signal),
    });
  }

  at(address: string, stopRequested: Promise<void>): RunningApp {
    return {
      address,
      stopRequested,
      accounts: this.#parts.services.accounts.total(),
      drain: () => (this.#draining ??= this.#drain()),
      stopNow: () => this.#stop(),
    };
  }

  async #drain(): Promise<void> {
    const { services, dataPlane, proxySwitch } = this.#parts;
    // The listener stays until the last turn has ended: a client that comes now hears 503 and why, not a reset.
    proxySwitch.beginDrain();
    dataPlane.gateway.beginDrain();
    services.logger.info('draining', { turnsInFlight: dataPlane.gateway.inFlight() });
    await endsWithin(dataPlane.gateway.idle(), services.config.drain.timeoutMs);
    await this.#stop();
  }

  #stop(): Promise<void> {
    return (this.#stopping ??= this.#endTurns());
  }

  async #endTurns(): Promise<void> {
    const { gateway } = this.#parts.dataPlane;
    this.#parts.proxySwitch.beginDrain();
    gateway.interruptAll(new TightropeError('shutting_down'));
    await endsWithin(gateway.idle(), LAST_BYTES_MS);
    await this.takeDown();
  }

  /** Closes what is open, last first. */
  async takeDown(): Promise<void> {
    const { services, server, dataPlane, catalogue, live } = this.#parts;
    server.close();
    await live.close();
    await endsWithin(connectionsGone(server), LAST_BYTES_MS);
    server.closeAllConnections();
    await this.#scheduler.stop();
    await catalogue.stop();
    await dataPlane.close();
    services.ledger.close();
    await services.close();
    services.logger.info('stopped');
    await services.logger.close();
  }
}

/** Resolves when no connection is open; idle ones are closed here. */
function connectionsGone(server: Server): Promise<void> {
  server.closeIdleConnections();
  return new Promise((resolve) => {
    server.getConnections((_error, count) => {
      if (count === 0) resolve();
      else server.once('close', () => resolve());
    });
  });
}
