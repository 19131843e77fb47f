/** What the account commands need, whether a sidecar runs on the data directory or not. */
import type { AccountImportResult, AccountList } from '../contract/account';

/** The accounts of one data directory. Every method throws TightropeError for an expected failure. */
export interface AdminClient {
  list(): Promise<AccountList>;
  /** One result per login, in order, `index` counted from 0. */
  importLogins(logins: readonly unknown[], onDuplicate: 'update' | 'skip'): Promise<readonly AccountImportResult[]>;
  pause(accountId: string): Promise<void>;
  reactivate(accountId: string): Promise<void>;
  remove(accountId: string): Promise<void>;
  close(): Promise<void>;
}
