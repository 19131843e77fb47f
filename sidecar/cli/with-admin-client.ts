/** Chooses how the account commands reach the accounts. */
import type { LoadedConfig } from '../config/load';
import type { AdminClient } from './admin-client';
import type { Program } from './command';
import { findSidecar } from './find-sidecar';
import { offlineSidecar } from './offline-sidecar';
import { runningSidecar } from './running-sidecar';

/** Runs `use` against the sidecar of the data directory, or against the directory itself when none runs. */
export async function withAdminClient<T>(
  { openOffline, build }: Program,
  loaded: LoadedConfig,
  use: (client: AdminClient) => Promise<T>,
): Promise<T> {
  const found = await findSidecar(loaded.dataDirectory);
  const client =
    found === null
      ? offlineSidecar(await openOffline({ loaded, version: build.version }))
      : await runningSidecar(found.address, loaded);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
