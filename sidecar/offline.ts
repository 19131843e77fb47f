/** The accounts of a data directory that no running sidecar holds: what `tightrope accounts …` works on without a server. */
import type { LoadedConfig } from './config/load';
import type { AccountImportRequest, AccountImportResult, AccountList } from './contract/account';
import { createLogger } from './platform/logger';
import { openServices } from './services';

export interface OfflineOptions {
  readonly loaded: LoadedConfig;
  readonly version: string;
}

export interface OfflineAccounts {
  list(): Promise<AccountList>;
  /** One result per login of the request, in order. */
  import(request: AccountImportRequest): Promise<AccountImportResult[]>;
  pause(accountId: string): Promise<void>;
  reactivate(accountId: string): Promise<void>;
  remove(accountId: string): Promise<void>;
}

export interface OfflineApp {
  readonly accounts: OfflineAccounts;
  /** Writes everything and frees the data directory. */
  close(): Promise<void>;
}

/** @throws TightropeError `data_directory_locked` when a sidecar runs on it, and those of opening */
export async function openOffline({ loaded, version }: OfflineOptions): Promise<OfflineApp> {
  const logger = createLogger({ ...loaded.config.logging, level: 'error' });
  const services = await openServices({ config: loaded.config, logger, version, inflight: null });
  const { accounts } = services;
  return {
    accounts: {
      list: async () => ({ accounts: await accounts.list() }),
      import: async (request) =>
        Array.isArray(request.authJson)
          ? accounts.importMany(request.authJson, request.onDuplicate)
          : [await accounts.importOne(request)],
      pause: (id) => accounts.pause(id),
      reactivate: (id) => accounts.reactivate(id),
      remove: (id) => accounts.remove(id),
    },
    close: async () => {
      await services.close();
      await logger.close();
    },
  };
}
