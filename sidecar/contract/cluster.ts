/** Cluster status on the wire (spec/admin-api.md 11.6 as changed by spec/cluster.md 2.12). Names are snake_case here. */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const text = Type.Union([Type.String(), Type.Null()]);
const integer = Type.Union([Type.Integer(), Type.Null()]);

export const ClusterRole = Type.Union(
  [Type.Literal('leader'), Type.Literal('follower'), Type.Literal('candidate'), Type.Literal('standalone')],
  { $id: 'ClusterRole' },
);

export const ClusterPeer = Type.Object(
  {
    site_id: Type.String(),
    address: Type.String(),
    state: Type.Union([Type.Literal('connected'), Type.Literal('disconnected'), Type.Literal('unreachable')]),
    role: ClusterRole,
    match_index: Type.Integer(),
    replication_lag_entries: Type.Integer(),
    last_heartbeat_at: integer,
  },
  { $id: 'ClusterPeer' },
);

/** `GET /api/cluster/status`. Times are UTC ms; `site_id` is the node id, empty while the cluster is off. */
export const ClusterStatus = Type.Object(
  {
    enabled: Type.Boolean(),
    mode: Type.Union([Type.Literal('off'), Type.Literal('shared'), Type.Literal('sync')]),
    site_id: Type.String(),
    cluster_name: Type.String(),
    role: ClusterRole,
    term: Type.Integer(),
    commit_index: Type.Integer(),
    leader_id: text,
    peers: Type.Array(ClusterPeer),
    replication_lagging_peers: Type.Integer(),
    replication_lag_total_entries: Type.Integer(),
    replication_lag_max_entries: Type.Integer(),
    replication_lag_avg_entries: Type.Integer(),
    replication_lag_ewma_entries: Type.Number(),
    replication_lag_ewma_samples: Type.Integer(),
    replication_lag_alert_threshold_entries: Type.Integer(),
    replication_lag_alert_sustained_refreshes: Type.Integer(),
    replication_lag_alert_streak: Type.Integer(),
    replication_lag_alert_active: Type.Boolean(),
    replication_lag_last_alert_at: integer,
    journal_entries: Type.Integer(),
    pending_entries: Type.Integer(),
    /** Old name of `pending_entries`. */
    pending_raft_entries: Type.Integer(),
    last_sync_at: integer,
    lag_ms: integer,
    hub_epoch: integer,
    parked: Type.Integer(),
    quarantined: Type.Integer(),
    clock_offset_ms: integer,
    /** The PostgreSQL or NATS link; `null` without one. */
    engine: Type.Null(),
  },
  { $id: 'ClusterStatus' },
);
export type ClusterStatus = Static<typeof ClusterStatus>;

const tag = 'cluster';
/** The routes of spec/cluster.md 2.12 and spec/admin-api.md 11.7; all need a cluster (design §11). */
const NEED_CLUSTER = [
  ['POST', '/api/cluster/enable', 'Join or make a cluster'],
  ['POST', '/api/cluster/disable', 'Leave the cluster'],
  ['POST', '/api/cluster/doctor', 'Look for what is wrong with the cluster'],
  ['POST', '/api/cluster/create', 'Make a cluster'],
  ['POST', '/api/cluster/join', 'Join a cluster'],
  ['POST', '/api/cluster/join-code', 'Make a code with which another node joins'],
  ['POST', '/api/cluster/peers', 'Add a peer'],
  ['POST', '/api/cluster/sync', 'Exchange changes now'],
  ['POST', '/api/cluster/batches/{batchId}/rollback', 'Take a batch of changes back'],
  ['POST', '/api/cluster/rotate-key', 'Change the key of the cluster'],
  ['POST', '/api/cluster/hub/promote', 'Make this node the hub'],
  ['POST', '/api/sync/trigger', 'Exchange changes now, under the old name'],
  ['POST', '/api/sync/rollback', 'Take a batch of changes back, under the old name'],
  ['GET', '/api/cluster/peers', 'List the peers'],
  ['GET', '/api/cluster/batches', 'List the batches of changes'],
  ['GET', '/api/cluster/events', 'List what happened in the cluster'],
  ['DELETE', '/api/cluster/peers/{siteId}', 'Remove a peer'],
] as const;

export const clusterRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/cluster/status',
    tag,
    summary: 'Show the cluster, or that there is none',
    answers: { 200: ClusterStatus },
  },
  ...NEED_CLUSTER.map(([method, path, summary]): RouteContract => ({
    method,
    path,
    tag,
    summary,
    answers: {},
    errors: ['cluster_not_enabled'],
  })),
];
