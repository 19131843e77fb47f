/** The table of allowed addresses, one statement per method. */
import type { Knex } from 'knex';

/** Row of `api_firewall_allowlist`. */
export interface FirewallRow {
  readonly id: string;
  readonly ip: string;
  readonly created_at_ms: number;
}

const TABLE = 'api_firewall_allowlist';

export class FirewallStore {
  readonly #read: Knex;

  constructor(read: Knex) {
    this.#read = read;
  }

  /** Oldest first, then by address (spec/admin-api.md 7.5). */
  all(): Promise<FirewallRow[]> {
    return this.#read<FirewallRow>(TABLE).select('*').orderBy(['created_at_ms', 'ip']);
  }

  async insert(trx: Knex.Transaction, rows: readonly FirewallRow[]): Promise<void> {
    await trx<FirewallRow>(TABLE).insert([...rows]);
  }

  async remove(trx: Knex.Transaction, ip: string): Promise<void> {
    await trx<FirewallRow>(TABLE).where('ip', ip).delete();
  }
}
