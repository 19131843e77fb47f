/**
 * Everything that lives on the data directory: lock, database, vault, ledger, events, accounts. The server and the
 * command line without a server are built on the same set.
 */
import { dirname } from 'node:path';
import { AccountsService } from './accounts/accounts-service';
import { AccountsStore } from './accounts/accounts-store';
import type { Cluster } from './cluster/cluster';
import { createOffCluster } from './cluster/off';
import { codexHome } from './config/codex-home';
import type { Config } from './config/config';
import type { RuntimeEvent } from './contract/runtime';
import { FirewallService } from './firewall/firewall-service';
import { KeysService } from './keys/keys-service';
import { costMicroUsd } from './ledger/cost';
import { EventService } from './ledger/runtime-events-service';
import { LedgerService } from './ledger/ledger-service';
import { MIGRATIONS } from '../migrations/index';
import { openImports, type Imports } from './imports/imports';
import type { SignInProvider } from './oauth/code-grant';
import { OAuthService } from './oauth/oauth-service';
import { createTokenEndpoint } from './oauth/token-endpoint';
import { systemClock, type Clock } from './platform/clock';
import { lockDataDirectory, type DataDirectoryLock } from './platform/data-directory';
import { openDatabase, type Database } from './platform/database';
import { createEventBus, type EventBus } from './platform/event-bus';
import type { Logger } from './platform/logger';
import { migrate } from './platform/migrate';
import { applyPendingRestore } from './platform/pending-restore';
import { createProxyAgents, type ProxyAgents } from './platform/proxy-agents';
import { NOTHING_SHOWN } from './quota/quota-view';
import { QuotaService } from './quota/quota-service';
import { createFetchUsage } from './quota/usage-client';
import { SettingsService } from './settings/settings-service';
import { createSettingsStore, type SettingsStore } from './settings/settings-store';
import { AuditService } from './signin/audit-service';
import { AuditStore } from './signin/audit-store';
import { openVault, type LockableVault } from './vault/vault';

export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dataDir: string;
  readonly lock: DataDirectoryLock;
  readonly database: Database;
  readonly cluster: Cluster;
  readonly vault: LockableVault;
  /** Beginnings of the stored tokens: they say which key sealed them. */
  readonly sealedSample: () => Promise<readonly string[]>;
  readonly events: EventService;
  readonly bus: EventBus<RuntimeEvent>;
  readonly ledger: LedgerService;
  readonly audit: AuditService;
  readonly settingsStore: SettingsStore;
  readonly settings: SettingsService;
  readonly accounts: AccountsService;
  readonly quota: QuotaService;
  readonly oauth: OAuthService;
  readonly imports: Imports;
  readonly keys: KeysService;
  readonly firewall: FirewallService;
  readonly agents: ProxyAgents;
  readonly userAgent: string;
  /** Writes what is waiting, closes everything, frees the lock. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly version: string;
  /** Turns in flight on an account; `null` without a server. */
  readonly inflight: ((accountId: string) => number) | null;
}

const TOKEN_GRACE_MS = 5000;

/**
 * Opens the data directory and everything on it.
 * @throws TightropeError naming what stands in the way; nothing is left open or half-written then
 */
export async function openServices(options: ServiceOptions): Promise<Services> {
  const { config, logger, version } = options;
  const dataDir = dirname(config.database.path);
  const undo: (() => Promise<void>)[] = [];
  try {
    const lock = await lockDataDirectory(dataDir);
    undo.push(() => lock.release());
    await applyPendingRestore(config.database.path, logger.child({ component: 'database' }));
    const database = await openDatabase({
      file: config.database.path,
      logger: logger.child({ component: 'database' }),
    });
    undo.push(() => database.close());
    await migrate(database, MIGRATIONS, { logger });
    const cluster = createOffCluster(await lock.nodeId());
    undo.push(() => cluster.stop());
    return await build(options, {
      config,
      logger,
      dataDir,
      lock,
      database,
      cluster,
      clock: systemClock,
      undo,
      version,
    });
  } catch (thrown) {
    await unwind(undo);
    throw thrown;
  }
}

interface Foundation extends Pick<
  Services,
  'config' | 'logger' | 'dataDir' | 'lock' | 'database' | 'cluster' | 'clock'
> {
  readonly version: string;
  readonly undo: (() => Promise<void>)[];
}

async function build(options: ServiceOptions, foundation: Foundation): Promise<Services> {
  const { config, logger, dataDir, database, cluster, clock, undo, version } = foundation;
  const store = new AccountsStore(database.read);
  const vault = await openVault({
    config: config.vault,
    dataDir,
    sealedSample: await store.sealedSample(),
    logger: logger.child({ component: 'vault' }),
  });
  undo.push(async () => vault.close());
  const bus = createEventBus<RuntimeEvent>();
  const book = { database, clock, logger: logger.child({ component: 'ledger' }), nodeId: cluster.nodeId };
  const events = await EventService.open({ ...book, announce: (event) => bus.emit(event) });
  const ledger = new LedgerService(book);
  const settingsStore = createSettingsStore(database, clock);
  const settings = await openSettings(settingsStore, logger);
  const agents = createProxyAgents(config.upstream);
  const provider = { ...config.oauth, userAgent: `tightrope/${version}`, agents };
  let quota: QuotaService | null = null;
  const accounts = await AccountsService.open({
    database,
    store,
    vault,
    tokenEndpoint: createTokenEndpoint(provider),
    cluster,
    tokenRefresh: config.tokenRefresh,
    clock,
    logger: logger.child({ component: 'accounts' }),
    publish: (event) => events.publish(event),
    usage24h: () => ledger.usage24h(),
    quota: (id, nowMs) => quota?.shown(id, nowMs) ?? NOTHING_SHOWN,
    inflight: (id) => options.inflight?.(id) ?? null,
  });
  undo.push(() => accounts.close(TOKEN_GRACE_MS));
  quota = await openQuota(foundation, accounts, agents);
  const oauth = createSignIn({ config, accounts, clock, events, logger }, provider);
  undo.push(() => oauth.close());
  const imports = await bringImports({ accounts, dataDir, clock, logger, settings });
  undo.push(() => imports.uploads.close());
  return {
    ...foundation,
    vault,
    sealedSample: () => store.sealedSample(),
    events,
    bus,
    ledger,
    audit: new AuditService({ store: new AuditStore(database), clock, nodeId: cluster.nodeId }),
    settingsStore,
    settings,
    accounts,
    quota,
    oauth,
    imports,
    ...(await openEntrance(foundation, accounts)),
    agents,
    userAgent: provider.userAgent,
    close: () => unwind(undo),
  };
}

async function openQuota(
  foundation: Foundation,
  accounts: AccountsService,
  agents: ProxyAgents,
): Promise<QuotaService> {
  const { config, logger, database, cluster, clock, version, undo } = foundation;
  const { usage } = config;
  const { baseUrl } = config.upstream;
  const userAgent = `tightrope/${version}`;
  const quota = await QuotaService.open({
    database,
    accounts,
    cluster,
    fetchUsage: createFetchUsage({ ...usage, baseUrl, userAgent, agents }),
    usage,
    clock,
    logger: logger.child({ component: 'quota' }),
    news: {
      planChanged: (id, planType) => accounts.planChanged(id, planType),
      limitLifted: (id) => accounts.limitLifted(id),
      limitShortened: (id, untilMs) => accounts.limitShortened(id, untilMs),
      deactivated: (id, code, message) => accounts.report(id, { kind: 'deactivated', code, message, untilMs: null }),
    },
  });
  undo.push(() => quota.close());
  return quota;
}

/** Who may use the proxy: keys and firewall. */
async function openEntrance(
  { database, clock, logger, cluster, undo }: Foundation,
  accounts: AccountsService,
): Promise<Pick<Services, 'keys' | 'firewall'>> {
  const keys = await KeysService.open({
    database,
    clock,
    logger: logger.child({ component: 'keys' }),
    nodeId: cluster.nodeId,
    price: costMicroUsd,
    isAccount: (id) => accounts.find(id) !== undefined,
  });
  undo.push(() => keys.close());
  return { keys, firewall: await FirewallService.open({ database, clock }) };
}

function bringImports({
  logger,
  ...rest
}: Pick<Services, 'accounts' | 'dataDir' | 'clock' | 'logger' | 'settings'>): Promise<Imports> {
  return openImports({
    ...rest,
    codexHome: codexHome(),
    logger: logger.child({ component: 'imports' }),
  });
}

function createSignIn(
  { config, accounts, clock, events, logger }: Pick<Services, 'config' | 'accounts' | 'clock' | 'events' | 'logger'>,
  provider: SignInProvider,
): OAuthService {
  return new OAuthService({
    provider,
    redirectUri: config.oauth.redirectUri,
    accounts,
    clock,
    logger: logger.child({ component: 'oauth' }),
    publish: (event) => events.publish(event),
  });
}

function openSettings(store: SettingsStore, logger: Logger): Promise<SettingsService> {
  return SettingsService.open({ store, logger: logger.child({ component: 'settings' }) });
}

/** Last opened, first closed. The first failure is passed on, after all the others had their turn. */
async function unwind(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step();
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length > 0) throw failures[0];
}
