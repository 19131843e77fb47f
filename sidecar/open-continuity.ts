/** Wires continuity: what is known of owners and conversations, kept across restarts. */
import { ContinuityStore } from './continuity/continuity-store';
import { SessionsService } from './continuity/sessions-service';
import { AffinityTable, AFFINITY_KINDS, MOST_AFFINITIES } from './gateway/routing/affinity-table';
import { Continuity } from './gateway/routing/continuity';
import { MOST_OWNERS, OWNED_KINDS, OwnerIndex } from './gateway/routing/owner-index';
import type { Services } from './services';

export interface OpenedContinuity {
  readonly ties: Continuity;
  readonly sessions: SessionsService;
  /** Forgets what has expired, in memory and on disk. */
  dropExpired(): Promise<void>;
}

/** Loads what is stored. */
export async function openContinuity({
  database,
  clock,
  config,
  accounts,
  settings,
}: Pick<Services, 'database' | 'clock' | 'config' | 'accounts' | 'settings'>): Promise<OpenedContinuity> {
  const store = new ContinuityStore(database);
  const now = (): number => clock.now();
  const { ttlMs } = config.sticky;
  const owners = new OwnerIndex({ sink: store, now, responseMs: ttlMs });
  const affinities = new AffinityTable({
    sink: store,
    now,
    lifetimeMs: (kind) =>
      kind === 'prompt_cache' ? settings.current().openaiCacheAffinityMaxAgeSeconds * 1000 : ttlMs,
  });
  owners.load(await store.owners(OWNED_KINDS, now(), MOST_OWNERS));
  affinities.load(await store.affinities(AFFINITY_KINDS, now(), MOST_AFFINITIES));
  return {
    ties: new Continuity(owners, affinities),
    sessions: new SessionsService({ table: affinities, findAccount: (id) => accounts.find(id), now }),
    dropExpired: async () => {
      affinities.dropExpired();
      await store.deleteExpired(now());
    },
  };
}
