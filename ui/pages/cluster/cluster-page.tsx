/** Several machines as one. Off until it is configured; then who leads and who lags. */
import type { ClusterStatus } from '../../../sidecar/contract/cluster';
import { call } from '../../api/request';
import { Empty } from '../../components/empty/empty';
import { Loaded } from '../../components/empty/loaded';
import { KeyValues } from '../../components/key-values/key-values';
import { PageHeader } from '../../components/page-header/page-header';
import { formatCount } from '../../format/number';
import { formatFull } from '../../format/time';
import { keepFresh } from '../../state/freshness';
import { resource } from '../../state/resource';
import { clusterText } from '../../strings';

const cluster = keepFresh(
  resource((signal) => call<ClusterStatus>('GET', '/api/cluster/status', { signal })),
  { pollMs: 15_000, on: ['role_change', 'peer_state_change', 'lag_alert'] },
);

export function ClusterPage() {
  return (
    <div class="page">
      <PageHeader eyebrow={clusterText.eyebrow} title={clusterText.title} />
      <div class="page-body">
        <Loaded of={cluster}>{(status) => (status.enabled ? <Status status={status} /> : <Off />)}</Loaded>
      </div>
    </div>
  );
}

function Off() {
  return (
    <Empty title={clusterText.off}>
      <p class="muted">{clusterText.offHelp}</p>
    </Empty>
  );
}

function Status({ status }: { readonly status: ClusterStatus }) {
  const names = clusterText.facts;
  return (
    <section class="card">
      <KeyValues
        facts={[
          [names.name, status.cluster_name],
          [names.role, status.role],
          [names.leader, status.leader_id],
          [names.term, formatCount(status.term)],
          [names.commit, formatCount(status.commit_index)],
          [names.lag, formatCount(status.replication_lag_max_entries)],
          [names.sync, formatFull(status.last_sync_at)],
          [names.peers, status.peers.map(({ address, state }) => `${address} (${state})`).join(', ')],
        ]}
      />
    </section>
  );
}
