/** The accounts of a data directory on which no sidecar runs: opened by this process for the time of one command. */
import type { OfflineApp } from '../offline';
import type { AdminClient } from './admin-client';

/** Closing it writes everything and frees the data directory. */
export function offlineSidecar({ accounts, close }: OfflineApp): AdminClient {
  return {
    list: () => accounts.list(),
    importLogins: (logins, onDuplicate) => accounts.import({ authJson: [...logins], onDuplicate }),
    pause: (id) => accounts.pause(id),
    reactivate: (id) => accounts.reactivate(id),
    remove: (id) => accounts.remove(id),
    close,
  };
}
