/** The tables of API keys, one statement per method. Changes go into the caller's transaction. */
import type { Knex } from 'knex';
import type { KeyRow, LimitRow, NewKeyRow, ReservationRow } from './key-row';

const KEYS = 'api_keys';
const LIMITS = 'api_key_limits';
const RESERVATIONS = 'api_key_usage_reservations';

export class KeysStore {
  readonly #read: Knex;

  constructor(read: Knex) {
    this.#read = read;
  }

  all(): Promise<KeyRow[]> {
    return this.#read<KeyRow>(KEYS).select('*').orderBy(['created_at_ms', 'id']);
  }

  limits(): Promise<LimitRow[]> {
    return this.#read<LimitRow>(LIMITS).select('*').orderBy('id');
  }

  async insert(trx: Knex.Transaction, row: NewKeyRow): Promise<void> {
    await trx<KeyRow>(KEYS).insert(row);
  }

  async change(trx: Knex.Transaction, id: string, columns: Partial<KeyRow>): Promise<void> {
    await trx<KeyRow>(KEYS).where('id', id).update(columns);
  }

  /** Its limits and reservations go with it, by the schema's foreign keys. */
  async remove(trx: Knex.Transaction, id: string): Promise<void> {
    await trx<KeyRow>(KEYS).where('id', id).delete();
  }

  /** Makes the limits of a key these ones; those that are there keep what they have counted. */
  async replaceLimits(trx: Knex.Transaction, keyId: string, rows: readonly LimitRow[]): Promise<void> {
    const limits = (): Knex.QueryBuilder<LimitRow> => trx<LimitRow>(LIMITS).where('api_key_id', keyId);
    await limits()
      .whereNotIn(
        'id',
        rows.map(({ id }) => id),
      )
      .delete();
    for (const row of rows) {
      const found: number = await limits().where('id', row.id).update({ max_value: row.max_value });
      if (found === 0) await trx<LimitRow>(LIMITS).insert(row);
    }
  }

  async countLimit(trx: Knex.Transaction, row: Pick<LimitRow, 'id' | 'current_value' | 'reset_at_ms'>): Promise<void> {
    const { id, ...counted } = row;
    await trx<LimitRow>(LIMITS).where('id', id).update(counted);
  }

  /** Reservations of keys that are gone meanwhile are left out. */
  async insertReservations(trx: Knex.Transaction, rows: readonly ReservationRow[]): Promise<void> {
    const known = await trx<KeyRow>(KEYS)
      .whereIn('id', [...new Set(rows.map(({ api_key_id }) => api_key_id))])
      .select('id');
    const ids = new Set(known.map(({ id }) => id));
    const stored = rows.filter(({ api_key_id }) => ids.has(api_key_id));
    if (stored.length > 0) await trx.batchInsert(RESERVATIONS, stored, ROWS_AT_A_TIME);
  }

  async deleteReservations(trx: Knex.Transaction, ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += ROWS_AT_A_TIME) {
      await trx<ReservationRow>(RESERVATIONS)
        .whereIn('id', ids.slice(at, at + ROWS_AT_A_TIME))
        .delete();
    }
  }

  /** Those of a node, or of any one that are older than `beforeMs`. Returns how many went. */
  async sweepReservations(trx: Knex.Transaction, of: { nodeId: string } | { beforeMs: number }): Promise<number> {
    const open = trx<ReservationRow>(RESERVATIONS);
    const swept = 'nodeId' in of ? open.where('node_id', of.nodeId) : open.where('reserved_at_ms', '<', of.beforeMs);
    return swept.delete();
  }
}

/** Keeps statements below the driver's bound on values. */
const ROWS_AT_A_TIME = 100;
