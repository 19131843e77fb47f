/** Strategy `round_robin`: the next usable account after the one that served last, in the pool's stable order. */
import type { PoolAccount } from '../ports';

/**
 * @param candidates usable accounts, oldest first
 * @param lastId the account that served last, `null` at start
 * @returns the next one in turn; `undefined` only when there are none
 */
export function roundRobin(candidates: readonly PoolAccount[], lastId: string | null): PoolAccount | undefined {
  if (lastId === null) return candidates[0];
  // Ids are UUIDv7, so "after the last one" is well defined even when that account has left the pool meanwhile.
  return candidates.find((account) => account.id > lastId) ?? candidates[0];
}
