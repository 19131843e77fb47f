/** Cuts a list of logins into requests that the admin API takes. */

/** Entries of one request; the route takes 1,000. */
const MAX_BATCH_ENTRIES = 100;

/** Bytes of one request's entries; a body may have 1 MiB (spec/admin-api.md 2.1). */
const MAX_BATCH_BYTES = 768 * 1024;

/** The logins in order, in batches of at least one: a login that is too large by itself is told so by the route. */
export function importBatches(logins: readonly unknown[]): unknown[][] {
  const batches: unknown[][] = [];
  let current: unknown[] = [];
  let currentBytes = 0;
  for (const login of logins) {
    const bytes = Buffer.byteLength(JSON.stringify(login) ?? '');
    if (current.length > 0 && (current.length >= MAX_BATCH_ENTRIES || currentBytes + bytes > MAX_BATCH_BYTES)) {
      batches.push(current);
      current = [];
      currentBytes = 0;
    }
    current.push(login);
    currentBytes += bytes;
  }
  return current.length === 0 ? batches : [...batches, current];
}
