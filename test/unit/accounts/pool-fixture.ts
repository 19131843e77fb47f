import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS } from '../../../migrations';
import type { AccountEvent } from '../../../sidecar/accounts/account-events';
import { AccountsService, type AccountsDependencies } from '../../../sidecar/accounts/accounts-service';
import { AccountsStore } from '../../../sidecar/accounts/accounts-store';
import type { AccountRow } from '../../../sidecar/accounts/account-row';
import { createOffCluster } from '../../../sidecar/cluster/off';
import type { TokenEndpoint } from '../../../sidecar/oauth/token-endpoint';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { migrate } from '../../../sidecar/platform/migrate';
import { NOTHING_SHOWN } from '../../../sidecar/quota/quota-view';
import { openVault, type Vault, type VaultSettings } from '../../../sidecar/vault/vault';
import { recordingLogger, type LoggedLine } from '../vault/recording-logger';

/** The present of the tests; they move it. */
export const START_MS = Date.UTC(2026, 5, 1);

export const SCHEDULE = {
  startupDelayMs: 2_000,
  startupStaleAfterMs: 14_400_000,
  checkIntervalMs: 900_000,
  successCycleMs: 86_400_000,
  failureRetryMs: 14_400_000,
};

/** No limit on how long an asker waits. */
export const PATIENT = new AbortController().signal;

/** An accounts service over a real database in a folder of its own. */
export interface PoolFixture {
  readonly service: AccountsService;
  readonly database: Database;
  readonly store: AccountsStore;
  readonly vault: Vault;
  readonly events: AccountEvent[];
  readonly lines: readonly LoggedLine[];
  readonly clock: { nowMs: number; now(): number };
  /** The stored row; throws when there is none. */
  row(accountId: string): Promise<AccountRow>;
  /** A second service over the same database, as after a restart. */
  reopen(changes?: Partial<AccountsDependencies>): Promise<AccountsService>;
  close(): Promise<void>;
}

/** An endpoint for tests that refresh nothing. */
export const NO_ENDPOINT: TokenEndpoint = {
  refresh: () => Promise.reject(new Error('this test refreshes nothing')),
};

/** Opens the fixture. `prepare` may put rows there before the service loads them. */
export async function openPool(
  options: {
    readonly endpoint?: TokenEndpoint;
    readonly vault?: Partial<VaultSettings>;
    readonly changes?: Partial<AccountsDependencies>;
    readonly prepare?: (database: Database) => Promise<void>;
  } = {},
): Promise<PoolFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'tightrope-accounts-'));
  const logger = recordingLogger();
  const database = await openDatabase({ file: join(folder, 'store.db'), logger });
  const discard = async (): Promise<void> => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  await migrate(database, MIGRATIONS, { logger });
  await options.prepare?.(database);
  const store = new AccountsStore(database.read);
  const config: VaultSettings = {
    keyHex: '5a'.repeat(32),
    keyFile: null,
    keyFilePassphrase: null,
    requireEncryptedAtRest: null,
    migratePlaintextOnRead: true,
    ...options.vault,
  };
  const sealedSample = await store.sealedSample();
  const vault = await openVault({ config, dataDir: folder, sealedSample, logger }).catch(async (error: unknown) => {
    await discard();
    throw error;
  });
  const events: AccountEvent[] = [];
  const clock = { nowMs: START_MS, now: () => clock.nowMs };
  const dependencies: AccountsDependencies = {
    database,
    store,
    vault,
    tokenEndpoint: options.endpoint ?? NO_ENDPOINT,
    cluster: createOffCluster('node-1'),
    tokenRefresh: SCHEDULE,
    clock,
    logger,
    publish: (event) => void events.push(event),
    usage24h: async () => new Map(),
    quota: () => NOTHING_SHOWN,
    inflight: () => 0,
    ...options.changes,
  };
  const services: AccountsService[] = [];
  const reopen = async (changes: Partial<AccountsDependencies> = {}): Promise<AccountsService> => {
    const service = await AccountsService.open({ ...dependencies, ...changes });
    services.push(service);
    return service;
  };
  return {
    service: await reopen(),
    database,
    store,
    vault,
    events,
    lines: logger.lines,
    clock,
    async row(accountId) {
      const row = await store.byId(accountId);
      if (row === undefined) throw new Error(`no row ${accountId}`);
      return row;
    },
    reopen,
    async close() {
      for (const service of services) await service.close(50);
      vault.close();
      await discard();
    },
  };
}
