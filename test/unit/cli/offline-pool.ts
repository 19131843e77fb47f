/** A pool of accounts in memory in the place of an opened data directory. */
import type { Account, AccountImportRequest, AccountImportResult } from '../../../sidecar/contract/account';
import type { OfflineApp } from '../../../sidecar/offline';

/** The pool and what was done to it. */
export interface OfflinePool {
  readonly open: () => Promise<OfflineApp>;
  readonly imports: AccountImportRequest[];
  /** `pause <id>`, …, `close` */
  readonly calls: string[];
}

/** @param resultOf what an import answers for each login */
export function offlinePool(
  accounts: readonly Account[],
  resultOf?: (login: unknown) => Omit<AccountImportResult, 'index'>,
): OfflinePool {
  const calls: string[] = [];
  const imports: AccountImportRequest[] = [];
  const note = (call: string): Promise<void> => {
    calls.push(call);
    return Promise.resolve();
  };
  const app: OfflineApp = {
    accounts: {
      list: () => Promise.resolve({ accounts: [...accounts] }),
      import: (request) => {
        imports.push(request);
        const logins: readonly unknown[] = Array.isArray(request.authJson) ? request.authJson : [];
        return Promise.resolve(
          logins.map((login, index) => ({ index, ...(resultOf?.(login) ?? { action: 'created' as const }) })),
        );
      },
      pause: (id) => note(`pause ${id}`),
      reactivate: (id) => note(`reactivate ${id}`),
      remove: (id) => note(`remove ${id}`),
    },
    close: () => note('close'),
  };
  return { open: () => Promise.resolve(app), imports, calls };
}
