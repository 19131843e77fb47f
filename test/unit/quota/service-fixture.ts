/** The quota service over a real database, a real HTTP upstream, a pool of accounts and a clock that the test turns. */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MIGRATIONS } from '../../../migrations/index';
import { createOffCluster } from '../../../sidecar/cluster/off';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { TightropeError } from '../../../sidecar/platform/errors';
import { migrate } from '../../../sidecar/platform/migrate';
import type { Scheduler } from '../../../sidecar/platform/scheduler';
import { QuotaService, type QuotaDependencies } from '../../../sidecar/quota/quota-service';
import type { KnownQuotaAccount, QuotaAccounts } from '../../../sidecar/quota/quota-ports';
import { createFetchUsage, type FetchUsage } from '../../../sidecar/quota/usage-client';
import { recordingLogger, type RecordingLogger } from '../platform/recording-logger';
import { NOW } from './header-sets';
import { startUsageUpstream, type UsageUpstream } from './usage-upstream';

export interface TestAccount extends KnownQuotaAccount {
  readonly isMember: boolean;
  readonly isUsable: boolean;
}

/** Jobs by name; the test runs them. */
export interface HandScheduler extends Scheduler {
  run(name: string): Promise<void>;
}

export interface ServiceFixture {
  readonly database: Database;
  readonly upstream: UsageUpstream;
  readonly logger: RecordingLogger;
  readonly clock: { nowMs: number; now(): number };
  /** Token of account `a` is `a`, after a replacement `a2`. */
  readonly accounts: Map<string, TestAccount>;
  readonly replaced: string[];
  /** Highest number of usage calls that were under way at once, as the caller counts them. */
  mostCalls(): number;
  /** Calls of `QuotaNews`, as `name account detail`. */
  readonly news: string[];
  service: QuotaService;
  readonly jobs: HandScheduler;
  add(id: string, changes?: Partial<TestAccount>): Promise<void>;
  remove(id: string): Promise<void>;
  /** As after a restart; what the process before knew is stored or not. */
  reopen(changes?: Partial<QuotaDependencies>): Promise<void>;
  close(): Promise<void>;
}

export async function openService(changes: Partial<QuotaDependencies> = {}): Promise<ServiceFixture> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tightrope-quota-'));
  const logger = recordingLogger();
  const database = await openDatabase({ file: path.join(folder, 'store.db'), logger });
  await migrate(database, MIGRATIONS, { logger });
  const upstream = await startUsageUpstream();
  const clock = { nowMs: NOW, now: () => clock.nowMs };
  const calls = countCalls(
    createFetchUsage({
      baseUrl: upstream.baseUrl,
      connectTimeoutMs: 1000,
      timeoutMs: 300,
      userAgent: 'tightrope/test',
      agents: { http: new HttpAgent(), https: new HttpsAgent() },
    }),
  );
  const accounts = new Map<string, TestAccount>();
  const replaced: string[] = [];
  const news: string[] = [];
  const dependencies: QuotaDependencies = {
    database,
    accounts: poolOf(accounts, replaced),
    cluster: createOffCluster('node-1'),
    fetchUsage: calls.counted,
    usage: { timeoutMs: 300, pollIntervalMs: 60_000 },
    clock,
    logger,
    news: {
      planChanged: (id, plan, previous) => void news.push(`plan ${id} ${plan} ${String(previous)}`),
      limitLifted: (id) => void news.push(`lifted ${id}`),
      limitShortened: (id, untilMs) => void news.push(`shortened ${id} ${untilMs}`),
      deactivated: (id, code) => void news.push(`deactivated ${id} ${code}`),
    },
    ...changes,
  };
  const open = async (more: Partial<QuotaDependencies> = {}): Promise<void> => {
    fixture.service = await QuotaService.open({ ...dependencies, ...more });
    fixture.service.schedule(fixture.jobs);
  };
  const fixture: ServiceFixture = {
    database,
    upstream,
    logger,
    clock,
    accounts,
    mostCalls: calls.most,
    replaced,
    news,
    service: await QuotaService.open(dependencies),
    jobs: handScheduler(),
    async add(id, more = {}) {
      const account = { id, label: `${id}@example.test`, chatgptAccountId: `workspace-${id}`, planType: 'pro' };
      accounts.set(id, { ...account, hasLogin: true, isMember: true, isUsable: true, ...more });
      const times = { created_at_ms: NOW, updated_at_ms: NOW };
      await database.write.transaction(async (trx) => {
        await trx('accounts').insert({ id, provider: 'openai', identity_key: id, ...times });
      });
    },
    async remove(id) {
      accounts.delete(id);
      await database.write.transaction(async (trx) => {
        await trx('accounts').where({ id }).delete();
      });
    },
    reopen: open,
    async close() {
      await fixture.service.close();
      await upstream.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  fixture.service.schedule(fixture.jobs);
  return fixture;
}

/** Counts where calls begin and end: how far the upstream has come with them is the network's affair. */
function countCalls(fetchUsage: FetchUsage): { readonly counted: FetchUsage; readonly most: () => number } {
  let open = 0;
  let most = 0;
  return {
    counted: async (request, signal) => {
      open += 1;
      most = Math.max(most, open);
      try {
        return await fetchUsage(request, signal);
      } finally {
        open -= 1;
      }
    },
    most: () => most,
  };
}

function poolOf(accounts: ReadonlyMap<string, TestAccount>, replaced: string[]): QuotaAccounts {
  return {
    members: () => [...accounts.values()].filter((account) => account.isMember),
    usable: () => [...accounts.values()].filter((account) => account.isUsable),
    find: (id) => accounts.get(id),
    accessToken: async (id) => {
      if (accounts.get(id)?.hasLogin !== true) throw new TightropeError('token_refresh_failed');
      return id;
    },
    replaceToken: async (id, rejected) => {
      replaced.push(rejected);
      return `${id}2`;
    },
  };
}

function handScheduler(): HandScheduler {
  const jobs = new Map<string, (signal: AbortSignal) => Promise<void>>();
  return {
    every: (name, _intervalMs, body) => void jobs.set(name, body),
    once: () => undefined,
    stop: async () => undefined,
    async run(name) {
      const body = jobs.get(name);
      if (body === undefined) throw new Error(`no job ${name}`);
      await body(new AbortController().signal);
    },
  };
}
