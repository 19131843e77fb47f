/** The table `routing_decisions`: why each request of the last days went where it went. */
import type { Knex } from 'knex';
import { DecisionNote, explainDecision } from '../contract/decision-note';
import type { Decision } from '../contract/routing';
import type { NotedDecision, TurnRecord } from '../contract/turn-record';
import { compile } from '../contract/validate';
import type { AppendTarget } from '../platform/database';
import { insertFromJson } from '../platform/dialect';
import { TightropeError } from '../platform/errors';
import { readStoredJson } from './stored-json';

/** One stored decision: `at_ms` UTC ms, `decision` a `DecisionNote` as JSON. */
export interface DecisionRow {
  readonly request_log_id: string;
  readonly at_ms: number;
  readonly decision: string;
}

/** Days a decision is kept (design §11). */
export const DECISION_DAYS = 7;

const TABLE = 'routing_decisions';
const COLUMNS: readonly (keyof DecisionRow)[] = ['request_log_id', 'at_ms', 'decision'];

/** Where decisions are appended. */
export const DECISIONS_TARGET: AppendTarget = {
  name: TABLE,
  statement: insertFromJson(
    TABLE,
    COLUMNS.map((column) => ({ column })),
  ),
};

/** The row to append for a turn; its decision is turned into JSON when the batch is written, not before. */
export function decisionRow({ id, requestedAtMs }: TurnRecord, decision: NotedDecision): object {
  return { request_log_id: id, at_ms: Math.round(requestedAtMs), decision };
}

export class DecisionStore {
  readonly #read: Knex;
  readonly #check = compile(DecisionNote, 'decision');

  constructor(read: Knex) {
    this.#read = read;
  }

  /** The decision behind a row of the request log, in words; `null` when there is none (any more). */
  async find(requestLogId: string): Promise<Decision | null> {
    const row = await this.#read<DecisionRow>(TABLE).where({ request_log_id: requestLogId }).first('decision');
    const stored = row === undefined ? null : readStoredJson(row.decision);
    return stored === null ? null : this.#explain(stored);
  }

  /** A note of some other version is none: the request's row is worth showing without it. */
  #explain(stored: unknown): Decision | null {
    try {
      return explainDecision(this.#check(stored));
    } catch (thrown) {
      if (thrown instanceof TightropeError && thrown.code === 'invalid_field') return null;
      throw thrown;
    }
  }
}
