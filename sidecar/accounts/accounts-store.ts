/** The table `accounts`, one statement per method. Reads go to a reader, changes into the caller's transaction. */
import type { Knex } from 'knex';
import type { AccountPatch, AccountRow } from './account-row';
import type { IdentityColumns, Known } from './account-identity';

const TABLE = 'accounts';
/** `tightrope-token:v2:<8 hex digits>:` — as much as tells under which key a value is sealed. */
const SEAL_PREFIX_CHARS = 28;

interface Beginning {
  readonly beginning: string;
}

export class AccountsStore {
  readonly #read: Knex;

  constructor(read: Knex) {
    this.#read = read;
  }

  /** Every account, oldest first. */
  all(): Promise<AccountRow[]> {
    return this.#read<AccountRow>(TABLE).select('*').orderBy(['created_at_ms', 'id']);
  }

  byId(id: string, connection: Knex = this.#read): Promise<AccountRow | undefined> {
    return connection<AccountRow>(TABLE).where('id', id).first();
  }

  /**
   * Whose row a login could be, among those of its provider: all that `matchAccount` has to see. Workspaces can be large,
   * so a whole one is read only for a login that does not name its user.
   */
  related(trx: Knex.Transaction, provider: string, key: string, known: Known): Promise<IdentityColumns[]> {
    const { chatgptAccountId, chatgptUserId, email } = known;
    return trx<AccountRow>(TABLE)
      .where('provider', provider)
      .andWhere((either) => {
        void either.where('identity_key', key);
        if (chatgptUserId !== null) void either.orWhere('chatgpt_user_id', chatgptUserId);
        else if (chatgptAccountId !== null) void either.orWhere('chatgpt_account_id', chatgptAccountId);
        if (email !== null) void either.orWhereRaw('lower(email) = ?', [email.toLowerCase()]);
      })
      .orderBy(['created_at_ms', 'id'])
      .select('id', 'identity_key', 'email', 'chatgpt_account_id', 'chatgpt_user_id');
  }

  async insert(trx: Knex.Transaction, row: AccountRow): Promise<void> {
    await trx<AccountRow>(TABLE).insert(row);
  }

  /** Returns whether the account is there. */
  async change(trx: Knex.Transaction, id: string, patch: AccountPatch): Promise<boolean> {
    return (await trx<AccountRow>(TABLE).where('id', id).update(patch)) > 0;
  }

  /** Changes an account only while its tokens are of this generation; returns whether they were. */
  async changeAt(trx: Knex.Transaction, id: string, tokenGeneration: number, patch: AccountPatch): Promise<boolean> {
    return (await trx<AccountRow>(TABLE).where({ id, token_generation: tokenGeneration }).update(patch)) > 0;
  }

  /** Its usage history goes with it and its log rows lose their account, by the schema's foreign keys. */
  async remove(trx: Knex.Transaction, id: string): Promise<boolean> {
    return (await trx<AccountRow>(TABLE).where('id', id).delete()) > 0;
  }

  /** What `openVault` needs: the distinct beginnings of all stored tokens. */
  async sealedSample(): Promise<string[]> {
    const beginnings = (column: string): Knex.QueryBuilder<Beginning, Beginning[]> =>
      this.#read<Beginning>(TABLE)
        .whereNotNull(column)
        .distinct(this.#read.raw<Beginning>('substr(??, 1, ?) as beginning', [column, SEAL_PREFIX_CHARS]));
    const rows = await beginnings('access_token_encrypted').union([
      beginnings('refresh_token_encrypted'),
      beginnings('id_token_encrypted'),
    ]);
    return rows.map((row) => row.beginning);
  }
}
