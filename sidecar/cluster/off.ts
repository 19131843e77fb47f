/** Cluster mode `off`: this process alone (spec/cluster.md 2.6). */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClusterStatus } from '../contract/cluster';
import type { BatchMark, Cluster, LeaseOptions, Namespace } from './cluster';
import { LeaseDesk } from './lease-desk';

/** Defaults of the lag alert (spec/cluster.md 2.12), shown although nothing can lag. */
const LAG_ALERT_ENTRIES = 100;
const LAG_ALERT_SAMPLES = 3;

/** @param nodeId this machine's id; `status()` shows it only while a cluster is on. */
export function createOffCluster(nodeId: string): Cluster {
  const leases = new LeaseDesk();
  const jobs = new Set<string>();
  const listeners = new Map<Namespace, Set<(key?: string) => void>>();
  const batches = new AsyncLocalStorage<BatchMark>();
  const stopped = new AbortController();

  return {
    mode: 'off',
    nodeId,
    lease: (name, options: LeaseOptions) =>
      leases.acquire(`lease:${name}`, { ttlMs: options.ttlMs, waitMs: options.waitMs ?? 0 }),
    async runIfLeader(job, body) {
      if (stopped.signal.aborted || jobs.has(job)) return false;
      jobs.add(job);
      try {
        await body(stopped.signal);
      } finally {
        jobs.delete(job);
      }
      return true;
    },
    invalidate(namespace, key) {
      for (const listener of [...(listeners.get(namespace) ?? [])]) listener(key);
    },
    onInvalidate(namespace, listener) {
      const heard = listeners.get(namespace) ?? new Set();
      listeners.set(namespace, heard.add(listener));
      return () => heard.delete(listener);
    },
    batch: (mark, body) => batches.run(mark, body),
    currentBatch: () => batches.getStore() ?? null,
    async refreshPermit(accountId, signal) {
      // No expiry: a second holder while the first still waits for its answer would spend the token twice.
      const held = await leases.acquire(`refresh:${accountId}`, { ttlMs: null, waitMs: Infinity, signal });
      if (held === null) return { kind: 'denied', reason: 'stopping' };
      return { kind: 'granted', epoch: held.epoch, signal: held.signal, release: () => held.release() };
    },
    status: offStatus,
    async stop() {
      stopped.abort(new Error('Tightrope is stopping.'));
      leases.stop();
    },
  };
}

/** Zeros, empty lists and nulls, as a disabled cluster reports (spec/admin-api.md 11.6). */
function offStatus(): ClusterStatus {
  return {
    enabled: false,
    mode: 'off',
    site_id: '',
    cluster_name: '',
    role: 'standalone',
    term: 0,
    commit_index: 0,
    leader_id: null,
    peers: [],
    replication_lagging_peers: 0,
    replication_lag_total_entries: 0,
    replication_lag_max_entries: 0,
    replication_lag_avg_entries: 0,
    replication_lag_ewma_entries: 0,
    replication_lag_ewma_samples: 0,
    replication_lag_alert_threshold_entries: LAG_ALERT_ENTRIES,
    replication_lag_alert_sustained_refreshes: LAG_ALERT_SAMPLES,
    replication_lag_alert_streak: 0,
    replication_lag_alert_active: false,
    replication_lag_last_alert_at: null,
    journal_entries: 0,
    pending_entries: 0,
    pending_raft_entries: 0,
    last_sync_at: null,
    lag_ms: null,
    hub_epoch: null,
    parked: 0,
    quarantined: 0,
    clock_offset_ms: null,
    engine: null,
  };
}
