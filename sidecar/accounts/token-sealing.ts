/** From sealed columns to tokens and back. */
import type { Vault } from '../vault/vault';
import type { AccountRow, AccountTokens } from './account-row';

/** The sealed columns of a row. */
export type SealedColumns = Pick<
  AccountRow,
  'access_token_encrypted' | 'refresh_token_encrypted' | 'id_token_encrypted'
>;

/** What reading a row's tokens gave. */
export interface OpenedTokens {
  /** `null` = the row holds no access token. */
  readonly tokens: AccountTokens | null;
  /** How many stored values should be written anew (see `Vault.open`). */
  readonly stale: number;
}

/** @throws TightropeError `token_unreadable` when a stored value does not open. */
export function openTokens(vault: Vault, row: SealedColumns): OpenedTokens {
  let stale = 0;
  const open = (stored: string | null): string | null => {
    if (stored === null || stored === '') return null;
    const { plain, migrated } = vault.open(stored);
    if (migrated) stale += 1;
    return plain.trim() === '' ? null : plain.trim();
  };
  const accessToken = open(row.access_token_encrypted);
  const refreshToken = open(row.refresh_token_encrypted);
  const idToken = open(row.id_token_encrypted);
  return { tokens: accessToken === null ? null : { accessToken, refreshToken, idToken }, stale };
}

/** Seals a login for its row. */
export function sealTokens(vault: Vault, tokens: AccountTokens): SealedColumns {
  const seal = (token: string | null): string | null => (token === null ? null : vault.seal(token));
  return {
    access_token_encrypted: seal(tokens.accessToken),
    refresh_token_encrypted: seal(tokens.refreshToken),
    id_token_encrypted: seal(tokens.idToken),
  };
}
