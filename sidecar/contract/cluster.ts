/** Cluster status on the wire (spec/admin-api.md 11.6 as changed by spec/cluster.md 2.12). Names are snake_case here. */
import { Type, type Static } from '@sinclair/typebox';

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
