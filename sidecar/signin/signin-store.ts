/** The tables of sign-in: one row of credentials, one row per session. */
import type { Database } from '../platform/database';
import { TightropeError } from '../platform/errors';
import type { Role } from './actor';

/** `null` = not set. */
export interface Credentials {
  readonly passwordHash: string | null;
  readonly readerPasswordHash: string | null;
  readonly totpSecretSealed: string | null;
}

/** A session as stored: its secret only as a hash; times UTC ms. */
export interface SessionRow {
  readonly id_hash: string;
  readonly role: Role;
  readonly totp_verified: number;
  readonly created_at_ms: number;
  readonly seen_at_ms: number;
}

interface CredentialsRow {
  readonly password_hash: string | null;
  readonly reader_password_hash: string | null;
  readonly totp_secret_sealed: string | null;
}

const CREDENTIALS = 'dashboard_signin';
const SESSIONS = 'dashboard_sessions';

export class SigninStore {
  readonly #database: Pick<Database, 'read' | 'write'>;

  constructor(database: Pick<Database, 'read' | 'write'>) {
    this.#database = database;
  }

  async credentials(): Promise<Credentials> {
    const row = await this.#database.read<CredentialsRow>(CREDENTIALS).first();
    if (row === undefined) throw new TightropeError('db_unavailable', { message: 'The sign-in row is missing.' });
    return {
      passwordHash: row.password_hash,
      readerPasswordHash: row.reader_password_hash,
      totpSecretSealed: row.totp_secret_sealed,
    };
  }

  /** Stores the credentials and, with `endSessions`, ends every session in the same transaction. */
  async save(credentials: Credentials, endSessions: boolean): Promise<void> {
    await this.#database.write.transaction(async (trx) => {
      await trx(CREDENTIALS).where({ id: 1 }).update({
        password_hash: credentials.passwordHash,
        reader_password_hash: credentials.readerPasswordHash,
        totp_secret_sealed: credentials.totpSecretSealed,
      });
      if (credentials.totpSecretSealed === null)
        await trx(CREDENTIALS).where({ id: 1 }).update({ totp_last_step: null });
      if (endSessions) await trx(SESSIONS).delete();
    });
  }

  /** Marks a time step as used; `false` when it, or a later one, was used before. */
  async useStep(step: number): Promise<boolean> {
    const changed = await this.#database.write.transaction((trx) =>
      trx(CREDENTIALS)
        .where({ id: 1 })
        .andWhere((row) => {
          void row.whereNull('totp_last_step').orWhere('totp_last_step', '<', step);
        })
        .update({ totp_last_step: step }),
    );
    return changed === 1;
  }

  async sessions(): Promise<SessionRow[]> {
    return this.#database.read<SessionRow>(SESSIONS).select('*');
  }

  async putSession(row: SessionRow): Promise<void> {
    await this.#database.write.transaction((trx) => trx(SESSIONS).insert(row).onConflict('id_hash').merge());
  }

  async deleteSessions(idHashes: readonly string[]): Promise<void> {
    await this.#database.write.transaction((trx) =>
      trx(SESSIONS)
        .whereIn('id_hash', [...idHashes])
        .delete(),
    );
  }
}
