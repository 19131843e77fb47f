/** The pool's accounts: list or table, and the detail of one. */
import { useState } from 'preact/hooks';
import type { Account, AccountStatus } from '../../../sidecar/contract/account';
import { Pick } from '../../components/field/field';
import { Empty } from '../../components/empty/empty';
import { Loaded } from '../../components/empty/loaded';
import { PageHeader } from '../../components/page-header/page-header';
import { Tabs } from '../../components/tabs/tabs';
import { matchesAccount, orderAccounts, type AccountOrder } from '../../format/account';
import { accountList, accounts, accountsById, act, renewAll } from '../../state/accounts';
import { frameDialog, openAddAccount, openDialog } from '../../state/commands';
import { place, setPart, setQuery } from '../../state/place';
import { prefer, preferences } from '../../state/preferences';
import { progress } from '../../state/progress';
import { accountText, dashboardText } from '../../strings';
import { AddAccount } from './add-account';
import { AccountCards } from './account-cards';
import { AccountDetail } from './account-detail';
import { AccountTable } from './account-table';
import './accounts.css';

const STATUSES: readonly AccountStatus[] = [
  'active',
  'paused',
  'rate_limited',
  'quota_blocked',
  'reauth_required',
  'deactivated',
];

export function AccountsPage() {
  const { part, query } = place.value;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { accountOrder, accountsView } = preferences.value;
  const found = accounts.value.filter(
    (account) =>
      matchesAccount(account, query['search'] ?? '') && (query['status'] ?? account.status) === account.status,
  );
  const shown = orderAccounts(found, accountOrder as AccountOrder);
  const open = part === '' ? undefined : accountsById.value.get(part);
  const toggle = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const list = { accounts: shown, openId: part, selected, onToggle: toggle, onOpen: setPart };
  return (
    <div class="page">
      <PageHeader eyebrow={accountText.eyebrow} title={accountText.title}>
        <RefreshAll />
        <button type="button" class="button primary" onClick={openAddAccount}>
          {accountText.add}
        </button>
      </PageHeader>
      <FilterBar />
      <SelectionBar selected={selected} clear={() => setSelected(new Set())} />
      <div
        class={
          open === undefined ? `accounts accounts-${accountsView}` : `accounts accounts-${accountsView} has-detail`
        }
      >
        <div class="accounts-list">
          <Loaded of={accountList} lines={10}>
            {({ accounts: all }) =>
              all.length === 0 ? (
                <NoAccounts />
              ) : accountsView === 'table' ? (
                <AccountTable {...list} />
              ) : (
                <AccountCards {...list} />
              )
            }
          </Loaded>
        </div>
        {open === undefined ? <NothingSelected /> : <AccountDetail key={open.accountId} account={open} />}
      </div>
      {frameDialog.value === 'add-account' ? <AddAccount accountId={null} onClose={() => openDialog(null)} /> : null}
    </div>
  );
}

function FilterBar() {
  const { query } = place.value;
  const { accountOrder, accountsView } = preferences.value;
  return (
    <div class="filter-bar row wrap">
      <input
        type="search"
        class="input filter-search"
        aria-label={accountText.searchLabel}
        placeholder={accountText.searchPlaceholder}
        value={query['search'] ?? ''}
        onInput={({ currentTarget }) => setQuery({ search: currentTarget.value })}
      />
      <Pick
        label={accountText.statusFilter}
        value={query['status'] ?? ''}
        choices={[
          ['', accountText.allStatuses],
          ...STATUSES.map((status) => [status, accountText.status[status]] as const),
        ]}
        onChange={(status) => setQuery({ status })}
      />
      <Pick
        label={accountText.orderLabel}
        value={accountOrder as AccountOrder}
        choices={Object.entries(accountText.orders) as [AccountOrder, string][]}
        onChange={(order) => prefer({ accountOrder: order })}
      />
      <span class="spacer" />
      <Tabs
        label={accountText.view}
        value={accountsView}
        tabs={[
          ['cards', accountText.views.cards],
          ['table', accountText.views.table],
        ]}
        onChange={(view) => prefer({ accountsView: view })}
      />
    </div>
  );
}

/** What can be done to several accounts at once; only there while some are selected. */
function SelectionBar({ selected, clear }: { readonly selected: ReadonlySet<string>; readonly clear: () => void }) {
  const chosen = accounts.value.filter(({ accountId }) => selected.has(accountId));
  if (chosen.length === 0) return null;
  const each = async (action: 'pause' | 'reactivate', which: (account: Account) => boolean): Promise<void> => {
    for (const { accountId } of chosen.filter(which)) await act(accountId, action);
    clear();
  };
  return (
    <div class="selection-bar row">
      <strong>{accountText.selected(chosen.length)}</strong>
      <button type="button" class="button" onClick={() => void each('pause', ({ status }) => status !== 'paused')}>
        {accountText.pauseSelected}
      </button>
      <button type="button" class="button" onClick={() => void each('reactivate', ({ status }) => status === 'paused')}>
        {accountText.resumeSelected}
      </button>
      <button type="button" class="button quiet" onClick={clear}>
        {accountText.clearSelection}
      </button>
    </div>
  );
}

function RefreshAll() {
  const running = progress.value !== null;
  const refresh = async (): Promise<void> => {
    try {
      await renewAll((done, total) => {
        progress.value = { label: dashboardText.refreshing, done, total };
      });
    } finally {
      progress.value = null;
    }
  };
  return (
    <button
      type="button"
      class="button"
      disabled={running || accounts.value.length === 0}
      onClick={() => void refresh()}
    >
      {running ? dashboardText.refreshing : accountText.refreshAll}
    </button>
  );
}

function NoAccounts() {
  return (
    <Empty title={dashboardText.noAccountsTitle}>
      <p class="muted">{dashboardText.noAccounts}</p>
      <button type="button" class="button solid" onClick={openAddAccount}>
        {dashboardText.addFirst}
      </button>
    </Empty>
  );
}

function NothingSelected() {
  return (
    <div class="accounts-detail nothing">
      <Empty title={accountText.select}>
        <p class="muted">{accountText.selectHelp}</p>
      </Empty>
    </div>
  );
}
