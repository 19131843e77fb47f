/** The accounts as a table that can be sorted. */
import { useState } from 'preact/hooks';
import type { Account } from '../../../sidecar/contract/account';
import { PlanBadge, StatusBadge } from '../../components/badge/badge';
import { DataTable, type Column } from '../../components/data-table/data-table';
import { Empty } from '../../components/empty/empty';
import { formatCount, formatPercent, formatUsd, UNKNOWN } from '../../format/number';
import { nextResetMs, quotaTone, quotaWindows } from '../../format/quota';
import { formatCountdown, formatFull } from '../../format/time';
import { useNow } from '../../components/age/use-now';
import { labelOf } from '../../state/accounts';
import { accountText } from '../../strings';
import type { AccountListProps } from './account-list';

type Key = (account: Account) => string | number;

function remaining(account: Account, wanted: 'short' | 'weekly'): number | null {
  return quotaWindows(account).find((window) => window.class === wanted)?.remainingPercent ?? null;
}

/** What a column is sorted by; unknown comes first when rising. */
const SORT_KEYS: Readonly<Record<string, Key>> = {
  account: ({ alias, email }) => (alias ?? email).toLowerCase(),
  status: ({ status }) => status,
  plan: ({ planType }) => planType ?? '',
  short: (account) => remaining(account, 'short') ?? -1,
  weekly: (account) => remaining(account, 'weekly') ?? -1,
  reset: (account) => nextResetMs(account) ?? -1,
  requests: ({ requests24h }) => requests24h ?? -1,
  cost: ({ totalCost24hUsd }) => totalCost24hUsd ?? -1,
  inflight: ({ inflight }) => inflight ?? -1,
};

export function AccountTable({ accounts, openId, selected, onToggle, onOpen }: AccountListProps) {
  const [sort, setSort] = useState<{ readonly by: string; readonly down: boolean }>();
  const now = useNow(15_000);
  const rows = sort === undefined ? accounts : sorted(accounts, sort);
  return (
    <DataTable
      label={accountText.title}
      columns={columns(now, selected, onToggle)}
      rows={rows}
      rowKey={({ accountId }) => accountId}
      openKey={openId}
      onOpen={({ accountId }) => onOpen(accountId)}
      sort={sort}
      onSort={(by) => setSort({ by, down: sort?.by === by ? !sort.down : false })}
      empty={<Empty title={accountText.noMatch} />}
    />
  );
}

function sorted(
  accounts: readonly Account[],
  { by, down }: { readonly by: string; readonly down: boolean },
): readonly Account[] {
  const key = SORT_KEYS[by];
  if (key === undefined) return accounts;
  const sign = down ? -1 : 1;
  return [...accounts].sort((one, other) => (key(one) < key(other) ? -sign : key(one) > key(other) ? sign : 0));
}

const titles = accountText.columns;

function left(account: Account, wanted: 'short' | 'weekly') {
  const value = remaining(account, wanted);
  return value === null ? UNKNOWN : <span class={`quota-${quotaTone(value)}`}>{formatPercent(value)}</span>;
}

function columns(now: number, selected: ReadonlySet<string>, toggle: (id: string) => void): readonly Column<Account>[] {
  return [
    {
      key: 'select',
      title: '',
      width: '20px',
      render: ({ accountId }) => (
        <input
          type="checkbox"
          checked={selected.has(accountId)}
          aria-label={accountText.selectOne(labelOf(accountId))}
          onClick={(event) => event.stopPropagation()}
          onChange={() => toggle(accountId)}
        />
      ),
    },
    {
      key: 'account',
      title: titles.account,
      width: 'minmax(160px, 2fr)',
      sort: 'account',
      render: ({ accountId }) => labelOf(accountId),
    },
    {
      key: 'status',
      title: titles.status,
      width: 'minmax(110px, 1fr)',
      sort: 'status',
      render: (account) => <StatusBadge account={account} />,
    },
    {
      key: 'plan',
      title: titles.plan,
      width: '76px',
      sort: 'plan',
      render: ({ planType }) => <PlanBadge plan={planType} />,
    },
    ...quotaColumns(now),
    ...USE_COLUMNS,
  ];
}

function quotaColumns(now: number): readonly Column<Account>[] {
  return [
    {
      key: 'short',
      title: titles.short,
      width: '84px',
      align: 'end',
      sort: 'short',
      render: (account) => left(account, 'short'),
    },
    {
      key: 'weekly',
      title: titles.weekly,
      width: '90px',
      align: 'end',
      sort: 'weekly',
      render: (account) => left(account, 'weekly'),
    },
    {
      key: 'reset',
      title: titles.reset,
      width: '84px',
      align: 'end',
      sort: 'reset',
      render: (account) => formatCountdown(nextResetMs(account), now),
      title2: (account) => formatFull(nextResetMs(account)),
    },
  ];
}

const USE_COLUMNS: readonly Column<Account>[] = [
  {
    key: 'requests',
    title: titles.requests,
    width: '96px',
    align: 'end',
    sort: 'requests',
    render: ({ requests24h }) => formatCount(requests24h),
  },
  {
    key: 'cost',
    title: titles.cost,
    width: '80px',
    align: 'end',
    sort: 'cost',
    render: ({ totalCost24hUsd }) => formatUsd(totalCost24hUsd),
  },
  {
    key: 'inflight',
    title: titles.inflight,
    width: '66px',
    align: 'end',
    sort: 'inflight',
    render: ({ inflight }) => formatCount(inflight),
  },
];
