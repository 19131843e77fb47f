/** The table `audit_log`. Ids are UUIDv7, hence in order of time. */
import type { AppendTarget, Database } from '../platform/database';
import { insertFromJson } from '../platform/dialect';

export interface AuditRow {
  readonly id: string;
  readonly node_id: string;
  readonly at_ms: number;
  readonly actor: string;
  readonly role: string;
  readonly address: string | null;
  readonly session_id: string | null;
  readonly method: string;
  readonly path: string;
  readonly status_code: number;
  /** JSON array of names. */
  readonly fields: string;
  readonly request_id: string;
}

const TABLE = 'audit_log';

const COLUMNS: readonly (keyof AuditRow)[] = [
  'id',
  'node_id',
  'at_ms',
  'actor',
  'role',
  'address',
  'session_id',
  'method',
  'path',
  'status_code',
  'fields',
  'request_id',
];

const TARGET: AppendTarget = {
  name: TABLE,
  statement: insertFromJson(
    TABLE,
    COLUMNS.map((column) => ({ column })),
  ),
};

export class AuditStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  append(row: AuditRow): void {
    this.#database.write.append(TARGET, row);
  }

  /** Newest first, of those before the row `before` when that is given; what was appended before is among them. */
  async page(limit: number, before: string | null): Promise<AuditRow[]> {
    await this.#database.write.flush();
    const query = this.#database.read<AuditRow>(TABLE).orderBy('id', 'desc').limit(limit);
    return before === null ? query : query.where('id', '<', before);
  }

  /** @returns rows deleted */
  deleteBefore(atMs: number): Promise<number> {
    return this.#database.write.transaction((trx) => trx(TABLE).where('at_ms', '<', atMs).delete());
  }
}
