/** The table `runtime_events`: where events are appended, and how they are read in order of `seq`. */
import type { Knex } from 'knex';
import type { AppendTarget } from '../platform/database';
import { insertFromJson } from '../platform/dialect';

/** One stored event: times UTC ms, `facts` a JSON object. */
export interface RuntimeEventRow {
  readonly seq: number;
  readonly node_id: string;
  readonly type: string;
  readonly level: string;
  readonly at_ms: number;
  readonly account_id: string | null;
  readonly message: string;
  readonly facts: string | null;
}

const TABLE = 'runtime_events';

const COLUMNS: readonly (keyof RuntimeEventRow)[] = [
  'seq',
  'node_id',
  'type',
  'level',
  'at_ms',
  'account_id',
  'message',
  'facts',
];

/** Where events are appended. */
export const RUNTIME_EVENTS_TARGET: AppendTarget = {
  name: TABLE,
  statement: insertFromJson(
    TABLE,
    COLUMNS.map((column) => ({ column })),
  ),
};

/** Queries of the runtime events. */
export class RuntimeEventsStore {
  constructor(private readonly read: Knex) {}

  /** The first `limit` events after `sinceSeq`. */
  async after(sinceSeq: number, limit: number): Promise<RuntimeEventRow[]> {
    return this.read<RuntimeEventRow>(TABLE).where('seq', '>', sinceSeq).orderBy('seq', 'asc').limit(limit).select('*');
  }

  /** The last `limit` events, oldest first. */
  async newest(limit: number): Promise<RuntimeEventRow[]> {
    const rows = await this.read<RuntimeEventRow>(TABLE).orderBy('seq', 'desc').limit(limit).select('*');
    return rows.reverse();
  }

  /** The highest seq ever stored (retention keeps its row), 0 in a new database. */
  async highestSeq(): Promise<number> {
    const [newest] = await this.newest(1);
    return newest?.seq ?? 0;
  }
}
