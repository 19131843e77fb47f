/** The record of changes made through the admin API: who, what and when; of bodies only the names of their fields. */
import type { AuditEntry, AuditPage } from '../contract/audit';
import type { Clock } from '../platform/clock';
import { uuidv7 } from '../platform/ids';
import type { Actor } from './actor';
import type { AuditRow, AuditStore } from './audit-store';

/** A change that was answered. */
export interface AdminChange {
  readonly actor: Actor;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly status: number;
  readonly fields: readonly string[];
  readonly requestId: string;
}

export interface AuditParts {
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly nodeId: string;
}

const KEPT_MS = 365 * 86_400_000;
/** Names come from the caller: few and short ones are kept. */
const MOST_FIELDS = 60;
const LONGEST_FIELD = 64;
const LONGEST_PATH = 300;

export class AuditService {
  readonly #parts: AuditParts;

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  /** Neither waits nor throws. */
  record({ actor, method, path, status, fields, requestId }: AdminChange): void {
    const { store, clock, nodeId } = this.#parts;
    store.append({
      id: uuidv7(),
      node_id: nodeId,
      at_ms: clock.now(),
      actor: actor.kind,
      role: actor.role,
      address: actor.address,
      session_id: actor.sessionId,
      method,
      path: path.slice(0, LONGEST_PATH),
      status_code: status,
      fields: JSON.stringify(fields.slice(0, MOST_FIELDS).map((name) => name.slice(0, LONGEST_FIELD))),
      request_id: requestId,
    });
  }

  /** Newest first; `cursor` = `nextCursor` of the page before. */
  async page(limit: number, cursor: string | null): Promise<AuditPage> {
    const rows = await this.#parts.store.page(limit, cursor);
    return { entries: rows.map(toEntry), nextCursor: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
  }

  /** Deletes what is older than a year. */
  async prune(): Promise<void> {
    await this.#parts.store.deleteBefore(this.#parts.clock.now() - KEPT_MS);
  }
}

function toEntry(row: AuditRow): AuditEntry {
  const fields: unknown = JSON.parse(row.fields);
  return {
    id: row.id,
    atMs: row.at_ms,
    actor: row.actor,
    role: row.role === 'reader' ? 'reader' : 'admin',
    address: row.address,
    sessionId: row.session_id,
    method: row.method,
    path: row.path,
    status: row.status_code,
    fields: Array.isArray(fields) ? fields.map(String) : [],
    requestId: row.request_id,
  };
}
