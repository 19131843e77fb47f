/** The keys that clients show: policy, limits, use. */
import { useState } from 'preact/hooks';
import type { ApiKey, ApiKeyWithSecret } from '../../api/keys';
import { Badge, type BadgeTone } from '../../components/badge/badge';
import { DataTable, type Column } from '../../components/data-table/data-table';
import { Empty } from '../../components/empty/empty';
import { Loaded } from '../../components/empty/loaded';
import { PageHeader } from '../../components/page-header/page-header';
import { useNow } from '../../components/age/use-now';
import { formatCompact, formatCount, formatUsd } from '../../format/number';
import { formatAge, formatFull } from '../../format/time';
import { keyList } from '../../state/keys';
import { place, setPart } from '../../state/place';
import { keysText } from '../../strings';
import { KeyDrawer } from './key-drawer';
import { NewKey } from './new-key';
import { SecretOnce } from './secret-once';
import './keys.css';

export function KeysPage() {
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<ApiKeyWithSecret | null>(null);
  const now = useNow(15_000);
  const open = keyList.data.value?.find(({ id }) => id === place.value.part);
  const show = (made: ApiKeyWithSecret): void => {
    setMaking(false);
    setSecret(made);
    void keyList.refresh();
  };
  return (
    <div class="page">
      <PageHeader eyebrow={keysText.eyebrow} title={keysText.title}>
        <button
          type="button"
          class="button primary"
          disabled={keyList.data.value === null}
          onClick={() => setMaking(true)}
        >
          {keysText.make}
        </button>
      </PageHeader>
      <div class="page-table">
        <Loaded of={keyList} lines={8}>
          {(keys) => (
            <DataTable
              label={keysText.title}
              columns={columns(now)}
              rows={keys}
              rowKey={({ id }) => id}
              openKey={place.value.part}
              onOpen={({ id }) => setPart(id)}
              empty={
                <Empty title={keysText.none}>
                  <p class="muted">{keysText.noneHelp}</p>
                </Empty>
              }
            />
          )}
        </Loaded>
      </div>
      {open === undefined ? null : (
        <KeyDrawer key={open.id} apiKey={open} onSecret={show} onClose={() => setPart('')} />
      )}
      {making ? <NewKey onMade={show} onClose={() => setMaking(false)} /> : null}
      {secret === null ? null : <SecretOnce made={secret} onClose={() => setSecret(null)} />}
    </div>
  );
}

const TONES: Readonly<Record<ApiKey['status'], BadgeTone>> = { active: 'ok', inactive: 'off', expired: 'danger' };

const titles = keysText.columns;

function columns(now: number): readonly Column<ApiKey>[] {
  return [
    { key: 'name', title: titles.name, width: 'minmax(140px, 2fr)', render: ({ name }) => name },
    {
      key: 'prefix',
      title: titles.prefix,
      width: '150px',
      render: ({ keyPrefix }) => <span class="mono">{keyPrefix}…</span>,
    },
    {
      key: 'status',
      title: titles.status,
      width: '84px',
      render: ({ status }) => <Badge tone={TONES[status]}>{keysText.status[status]}</Badge>,
    },
    {
      key: 'models',
      title: titles.models,
      width: 'minmax(100px, 1fr)',
      render: ({ allowedModels }) => (allowedModels.length === 0 ? keysText.anyModel : allowedModels.join(', ')),
    },
    {
      key: 'limits',
      title: titles.limits,
      width: '60px',
      align: 'end',
      render: ({ limits }) => formatCount(limits.length),
    },
    ...useColumns(now),
  ];
}

function useColumns(now: number): readonly Column<ApiKey>[] {
  const used = ({ lastUsedAt }: ApiKey): number | null => (lastUsedAt === null ? null : Date.parse(lastUsedAt));
  return [
    {
      key: 'requests',
      title: titles.requests,
      width: '84px',
      align: 'end',
      render: ({ usageSummary }) => formatCount(usageSummary.requests),
    },
    {
      key: 'tokens',
      title: titles.tokens,
      width: '84px',
      align: 'end',
      render: ({ usageSummary }) => formatCompact(usageSummary.totalTokens),
    },
    {
      key: 'cost',
      title: titles.cost,
      width: '80px',
      align: 'end',
      render: ({ usageSummary }) => formatUsd(usageSummary.costUsd),
    },
    {
      key: 'used',
      title: titles.used,
      width: '100px',
      align: 'end',
      render: (key) => formatAge(used(key), now),
      title2: (key) => formatFull(used(key)),
    },
  ];
}
