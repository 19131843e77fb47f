/** The pool: its accounts, how they are called, and what people do to them. */
import { computed } from '@preact/signals';
import type { Account } from '../../sidecar/contract/account';
import {
  actOnAccount,
  changeAccount,
  deleteAccount,
  listAccounts,
  refreshToken,
  refreshUsage,
  type AccountAction,
} from '../api/accounts';
import { accountLabel, needsAttention } from '../format/account';
import { noticeText } from '../strings';
import { keepFresh } from './freshness';
import { notify, telling } from './notices';
import { preferences } from './preferences';
import { resource } from './resource';

export const accountList = keepFresh(resource(listAccounts), {
  pollMs: 15_000,
  on: ['accounts_changed', 'account_paused', 'account_resumed', 'quota_changed', 'account_status_changed'],
});

/** Empty until the first reading. */
export const accounts = computed<readonly Account[]>(() => accountList.data.value?.accounts ?? []);

export const accountsById = computed(() => new Map(accounts.value.map((account) => [account.accountId, account])));

export const attentionCount = computed(() => accounts.value.filter(needsAttention).length);

/** What to call an account everywhere; an id that is not in the pool is shown shortened. */
export function labelOf(accountId: string | null): string {
  if (accountId === null) return noticeText.unassigned;
  const account = accountsById.value.get(accountId);
  if (account === undefined) return `${accountId.slice(0, 8)}…`;
  return accountLabel(account, accounts.value, preferences.value.hideEmails);
}

const OPPOSITE: Readonly<Record<AccountAction, AccountAction>> = {
  pause: 'reactivate',
  reactivate: 'pause',
  pin: 'unpin',
  unpin: 'pin',
};

/** Pauses, resumes, pins or unpins, and offers the way back. */
export async function act(accountId: string, action: AccountAction): Promise<boolean> {
  const name = labelOf(accountId);
  const worked = await telling(() => actOnAccount(accountId, action), noticeText.acted[action](name), {
    label: noticeText.undo,
    run: () => void undo(accountId, OPPOSITE[action]),
  });
  await accountList.refresh();
  return worked;
}

async function undo(accountId: string, action: AccountAction): Promise<void> {
  await telling(() => actOnAccount(accountId, action), noticeText.acted[action](labelOf(accountId)));
  await accountList.refresh();
}

/** Puts a changed account into the list without reading it again. */
export function putAccount(changed: Account): void {
  const list = accounts.value.map((one) => (one.accountId === changed.accountId ? changed : one));
  accountList.put({ accounts: list });
}

export async function change(accountId: string, wanted: Parameters<typeof changeAccount>[1]): Promise<boolean> {
  return telling(
    async () => putAccount(await changeAccount(accountId, wanted)),
    noticeText.accountSaved(labelOf(accountId)),
  );
}

export async function remove(accountId: string): Promise<boolean> {
  const name = labelOf(accountId);
  const worked = await telling(() => deleteAccount(accountId), noticeText.accountDeleted(name));
  await accountList.refresh();
  return worked;
}

export async function renewUsage(accountId: string): Promise<boolean> {
  return telling(async () => putAccount(await refreshUsage(accountId)), noticeText.usageRefreshed(labelOf(accountId)));
}

export async function renewToken(accountId: string): Promise<boolean> {
  return telling(async () => putAccount(await refreshToken(accountId)), noticeText.tokenRefreshed(labelOf(accountId)));
}

/** How many accounts are asked at the same time by `renewAll`. */
const SIDE_BY_SIDE = 3;

/** Refreshes the usage of all; says how many failed and for whom. `progress` is called after each. */
export async function renewAll(progress: (done: number, total: number) => void): Promise<void> {
  const waiting = accounts.value.map(({ accountId }) => accountId);
  const total = waiting.length;
  const failures: string[] = [];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        putAccount(await refreshUsage(id));
      } catch (error) {
        failures.push(`${labelOf(id)}: ${error instanceof Error ? error.message : String(error)}`);
      }
      progress(++done, total);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  if (failures.length === 0) notify('success', noticeText.allRefreshed(total));
  else notify('warn', noticeText.someRefreshed(total - failures.length, failures));
}
