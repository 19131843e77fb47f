/** Seals tokens that are stored as plaintext or in the predecessor's form (spec/data-security.md 5.4, 5.6). */
import type { Knex } from 'knex';
import type { Logger } from '../platform/logger';
import { messageOf } from '../platform/thrown';
import { isSealed } from '../vault/token-box';
import type { Vault } from '../vault/vault';
import type { AccountRow } from './account-row';
import type { AccountsStore } from './accounts-store';
import type { RunTransaction } from './login-writer';
import type { Roster } from './roster';
import { loadEntry } from './roster-loading';
import { openTokens, sealTokens, type SealedColumns } from './token-sealing';

/** Answer of `POST /api/accounts/migrate-token-storage`. */
export interface MigrationReport {
  readonly scannedAccounts: number;
  readonly plaintextAccounts: number;
  readonly plaintextTokens: number;
  readonly migratedAccounts: number;
  readonly migratedTokens: number;
  readonly failedAccounts: number;
  readonly dryRun: boolean;
  readonly strictModeEnabled: boolean;
  readonly migratePlaintextOnReadEnabled: boolean;
}

export interface TokenStorageMigrationOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly vault: Vault;
  readonly logger: Logger;
}

const SEALED_COLUMNS = ['access_token_encrypted', 'refresh_token_encrypted', 'id_token_encrypted'] as const;

export class TokenStorageMigration {
  readonly #options: TokenStorageMigrationOptions;

  constructor(options: TokenStorageMigrationOptions) {
    this.#options = options;
  }

  /** Seals every plaintext token in one transaction, also where the policy refuses to read it. A dry run only counts. */
  async run(dryRun: boolean): Promise<MigrationReport> {
    const { store, transaction, vault, roster } = this.#options;
    const rows = await store.all();
    const plain = rows.filter((row) => plaintextColumns(row).length > 0);
    const sealed = dryRun ? [] : await transaction((trx) => this.#sealPlaintext(trx, plain));
    for (const row of sealed) roster.put(loadEntry(vault, row, roster.get(row.id)).entry);
    const migrated = plain.filter((row) => sealed.some(({ id }) => id === row.id));
    return {
      scannedAccounts: rows.length,
      plaintextAccounts: plain.length,
      plaintextTokens: countTokens(plain),
      migratedAccounts: migrated.length,
      migratedTokens: countTokens(migrated),
      failedAccounts: dryRun ? 0 : plain.length - migrated.length,
      dryRun,
      strictModeEnabled: vault.strict,
      migratePlaintextOnReadEnabled: vault.migratesOnRead,
    };
  }

  /** After a start that read stale values: writes them anew. A failure costs nothing but doing it at the next start. */
  async sealStale(): Promise<void> {
    const { store, transaction, vault, logger } = this.#options;
    try {
      const rows = await store.all();
      const sealed = await transaction(async (trx) => {
        let count = 0;
        for (const row of rows) if (await this.#sealAnew(trx, row)) count += 1;
        return count;
      });
      logger.info('tokens_sealed_anew', { accounts: sealed, keyId: vault.keyId });
    } catch (error) {
      logger.warn('tokens_not_sealed_anew', { reason: messageOf(error) });
    }
  }

  async #sealPlaintext(trx: Knex.Transaction, rows: readonly AccountRow[]): Promise<AccountRow[]> {
    const sealed: AccountRow[] = [];
    for (const row of rows) {
      const columns: Partial<SealedColumns> = {};
      for (const column of plaintextColumns(row)) columns[column] = this.#options.vault.seal(row[column] ?? '');
      const written = await this.#options.store.changeAt(trx, row.id, row.token_generation, columns);
      if (written) sealed.push({ ...row, ...columns });
    }
    return sealed;
  }

  async #sealAnew(trx: Knex.Transaction, row: AccountRow): Promise<boolean> {
    const { store, vault, roster } = this.#options;
    const tokens = roster.get(row.id)?.tokens ?? null;
    if (tokens === null || openTokens(vault, row).stale === 0) return false;
    return store.changeAt(trx, row.id, row.token_generation, sealTokens(vault, tokens));
  }
}

function plaintextColumns(row: AccountRow): (typeof SEALED_COLUMNS)[number][] {
  return SEALED_COLUMNS.filter((column) => {
    const stored = row[column];
    return stored !== null && stored !== '' && !isSealed(stored);
  });
}

function countTokens(rows: readonly AccountRow[]): number {
  return rows.reduce((sum, row) => sum + plaintextColumns(row).length, 0);
}
