/** From a row of the database to an entry of the roster. */
import { TightropeError } from '../platform/errors';
import type { Vault } from '../vault/vault';
import type { AccountRow } from './account-row';
import { factsOf, rosterEntry, type RosterEntry } from './roster';
import { openTokens } from './token-sealing';

/** An entry and how many of its stored tokens should be sealed anew. */
export interface LoadedEntry {
  readonly entry: RosterEntry;
  readonly stale: number;
}

/**
 * Opens a row's tokens. A row whose tokens cannot be read becomes an account that needs a new login and says why; its
 * row stays as it is, for the right key may come back.
 */
export function loadEntry(vault: Vault, row: AccountRow, previous?: RosterEntry): LoadedEntry {
  const loginEpoch = previous?.loginEpoch ?? 0;
  const strikes = previous?.strikes ?? 0;
  try {
    const { tokens, stale } = openTokens(vault, row);
    return { entry: rosterEntry({ facts: factsOf(row), tokens, loginEpoch, strikes }, previous), stale };
  } catch (error) {
    if (!(error instanceof TightropeError)) throw error;
    const status = row.status === 'paused' ? row.status : 'reauth_required';
    const facts = { ...factsOf(row), status, status_reason: error.message };
    return { entry: rosterEntry({ facts, tokens: null, loginEpoch, strikes }, previous), stale: 0 };
  }
}
