/** Which account keeps which conversation, and how to change that. */
import { useState } from 'preact/hooks';
import type { Session, SessionKind } from '../../api/sessions';
import { DataTable } from '../../components/data-table/data-table';
import { Confirm } from '../../components/dialog/confirm';
import { Empty } from '../../components/empty/empty';
import { Loaded } from '../../components/empty/loaded';
import { Pick } from '../../components/field/field';
import { PageHeader } from '../../components/page-header/page-header';
import { Tabs } from '../../components/tabs/tabs';
import { Age } from '../../components/age/age';
import { useNow } from '../../components/age/use-now';
import { formatCount } from '../../format/number';
import { accounts, labelOf } from '../../state/accounts';
import { place, setQuery } from '../../state/place';
import { forget, purgeStale, sessionList } from '../../state/sessions';
import { sessionsText } from '../../strings';
import { sessionColumns } from './session-columns';
import { SessionDrawer } from './session-drawer';

type KindFilter = SessionKind | '';

const KINDS: readonly (readonly [KindFilter, string])[] = [
  ['', sessionsText.all],
  ...(Object.entries(sessionsText.kinds) as [SessionKind, string][]),
];

export function SessionsPage() {
  const [openKey, setOpenKey] = useState<string | null>(null);
  const [purging, setPurging] = useState(false);
  const now = useNow(15_000);
  const list = sessionList.data.value;
  const open = list?.sessions.find((one) => keyOf(one) === openKey);
  const stale = list?.sessions.filter(({ expiresAtMs }) => expiresAtMs > 0 && expiresAtMs <= now).length ?? 0;
  return (
    <div class="page">
      <PageHeader eyebrow={sessionsText.eyebrow} title={sessionsText.title}>
        <button
          type="button"
          class="button"
          disabled={stale === 0}
          title={stale === 0 ? sessionsText.noStale : undefined}
          onClick={() => setPurging(true)}
        >
          {sessionsText.purge(stale)}
        </button>
      </PageHeader>
      <FilterBar />
      <div class="page-table">
        <Table openKey={openKey} onOpen={setOpenKey} />
      </div>
      {open === undefined ? null : (
        <SessionDrawer key={openKey} session={open} onForget={() => forget([open])} onClose={() => setOpenKey(null)} />
      )}
      {purging ? (
        <Confirm
          title={sessionsText.purge(stale)}
          action={sessionsText.purgeAction}
          onConfirm={purgeStale}
          onClose={() => setPurging(false)}
        >
          <p>{sessionsText.purgeText}</p>
        </Confirm>
      ) : null}
    </div>
  );
}

function FilterBar() {
  const { query } = place.value;
  const list = sessionList.data.value;
  return (
    <div class="filter-bar row wrap">
      <input
        type="search"
        class="input filter-search"
        aria-label={sessionsText.searchLabel}
        placeholder={sessionsText.searchLabel}
        value={query['search'] ?? ''}
        onInput={({ currentTarget }) => setQuery({ search: currentTarget.value })}
      />
      <Tabs
        label={sessionsText.kind}
        value={(query['kind'] ?? '') as KindFilter}
        tabs={KINDS}
        onChange={(kind) => setQuery({ kind })}
      />
      <Pick
        label={sessionsText.account}
        value={query['accountId'] ?? ''}
        choices={[
          ['', sessionsText.anyAccount],
          ...accounts.value.map(({ accountId }) => [accountId, labelOf(accountId)] as const),
        ]}
        onChange={(accountId) => setQuery({ accountId })}
      />
      <span class="spacer" />
      {list === null ? null : <span class="small muted">{sessionsText.total(formatCount(list.total))}</span>}
      <Age atMs={sessionList.readAtMs.value} staleAfterMs={60_000} />
    </div>
  );
}

interface TableProps {
  readonly openKey: string | null;
  readonly onOpen: (key: string) => void;
}

function Table({ openKey, onOpen }: TableProps) {
  const { query } = place.value;
  const now = useNow(15_000);
  return (
    <Loaded of={sessionList} lines={10}>
      {({ sessions }) => (
        <DataTable
          label={sessionsText.title}
          columns={sessionColumns(now)}
          rows={sessions.filter((one) => matches(one, query))}
          rowKey={keyOf}
          openKey={openKey}
          onOpen={(one) => onOpen(keyOf(one))}
          empty={
            <Empty title={sessions.length === 0 ? sessionsText.noneYet : sessionsText.noMatch}>
              <p class="muted">{sessions.length === 0 ? sessionsText.noneYetHelp : ''}</p>
            </Empty>
          }
        />
      )}
    </Loaded>
  );
}

function keyOf({ kind, sessionKey, apiKeyId }: Session): string {
  return `${kind} ${apiKeyId ?? ''} ${sessionKey}`;
}

function matches(session: Session, query: Readonly<Record<string, string>>): boolean {
  const { search = '', kind = '', accountId = '' } = query;
  return (
    session.sessionKey.toLowerCase().includes(search.toLowerCase()) &&
    (kind === '' || session.kind === kind) &&
    (accountId === '' || session.accountId === accountId)
  );
}
