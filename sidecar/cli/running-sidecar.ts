/** The accounts of a data directory on which a sidecar runs: over its admin API. */
import { readFile } from 'node:fs/promises';
import { adminTokenFile } from '../admin/admin-token';
import type { LoadedConfig } from '../config/load';
import { AccountImportResults, AccountList } from '../contract/account';
import { compile } from '../contract/validate';
import type { AdminClient } from './admin-client';
import { adminRequest, type AdminRequest } from './admin-request';

/** An import writes to the disk for each account; everything else is answered from memory. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * @param address as in `runtime.json`
 * @param loaded says the admin token, or where its file lies
 */
export async function runningSidecar(address: string, loaded: LoadedConfig): Promise<AdminClient> {
  const token = await adminToken(loaded);
  const send = (path: string, request: Omit<AdminRequest, 'token' | 'timeoutMs'> = {}): Promise<unknown> =>
    adminRequest(`${address}/api${path}`, { ...request, token, timeoutMs: REQUEST_TIMEOUT_MS });
  const readList = compile(AccountList, 'answer of the sidecar');
  const readResults = compile(AccountImportResults, 'answer of the sidecar');
  return {
    list: async () => readList(await send('/accounts')),
    importLogins: async (logins, onDuplicate) => {
      const body = { authJson: logins, onDuplicate };
      return readResults(await send('/accounts/import', { method: 'POST', body })).results;
    },
    pause: async (id) => void (await send(`/accounts/${encodeURIComponent(id)}/pause`, { method: 'POST' })),
    reactivate: async (id) => void (await send(`/accounts/${encodeURIComponent(id)}/reactivate`, { method: 'POST' })),
    remove: async (id) => void (await send(`/accounts/${encodeURIComponent(id)}`, { method: 'DELETE' })),
    close: () => Promise.resolve(),
  };
}

/** The configured token, else the one in the data directory. Without either the sidecar's own refusal tells what is missing. */
export async function adminToken({ config, dataDirectory }: LoadedConfig): Promise<string | null> {
  if (config.admin.token !== null) return config.admin.token;
  try {
    return (await readFile(adminTokenFile(dataDirectory), 'utf8')).trim();
  } catch {
    return null;
  }
}
