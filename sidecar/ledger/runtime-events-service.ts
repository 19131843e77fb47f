/** What happened in this process that a person or a script may want to know: kept for a while, announced at once. */
import type { EventLevel, RuntimeEvent, RuntimeEventPage } from '../contract/runtime';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import type { Logger } from '../platform/logger';
import { redactFacts, redactText } from '../platform/redact';
import { RUNTIME_EVENTS_TARGET, RuntimeEventsStore, type RuntimeEventRow } from './runtime-events-store';
import { readStoredJson } from './stored-json';

/** One thing to tell. `type` in snake_case (`account_paused`); `facts` in camelCase. Secrets are redacted, not expected. */
export interface NewEvent {
  readonly type: string;
  readonly level: EventLevel;
  readonly message: string;
  readonly accountId?: string | null;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** `sinceSeq` = the last seq the reader has; `null` = the newest events. `limit` = 1 … `MAX_EVENT_PAGE`. */
export interface EventPageRequest {
  readonly sinceSeq: number | null;
  readonly limit: number;
}

/** What the service needs. `announce` tells live readers; it is called once per event, in order of `seq`. */
export interface EventDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeId: string;
  readonly announce: (event: RuntimeEvent) => void;
}

/** Largest page of events. */
export const MAX_EVENT_PAGE = 500;

/**
 * How far a new process stays away from the seqs of the one before it. A process that dies loses the events that
 * still wait to be written, but live readers have seen their seqs; without the gap, other events would get the same seqs
 * and a reader that resumes would never see them. Larger than the write queue's backlog (20,000 rows).
 */
const RESTART_GAP = 50_000;

/**
 * Events for live readers only take numbers too and leave no trace in the table: a process also begins above what all
 * before it can have reached by now, at this many events in every millisecond since 1970.
 */
const SEQS_PER_MS = 100;

/**
 * Publishes and pages events. The seq is given here, in memory, when an event is published: the data directory has one
 * process, so this is the only writer, and the live event and its row carry the same number without waiting for the
 * disk. Seqs rise; they are not dense.
 */
export class EventService {
  private readonly store: RuntimeEventsStore;
  private nextSeq: number;

  /** Reads where the last process stopped. Rejects when the database cannot be read. */
  static async open(dependencies: EventDependencies): Promise<EventService> {
    const store = new RuntimeEventsStore(dependencies.database.read);
    const highest = await store.highestSeq();
    const aboveAllBefore = Math.max(highest + RESTART_GAP, dependencies.clock.now() * SEQS_PER_MS);
    return new EventService(dependencies, store, highest === 0 ? 1 : aboveAllBefore);
  }

  private constructor(
    private readonly dependencies: EventDependencies,
    store: RuntimeEventsStore,
    firstSeq: number,
  ) {
    this.store = store;
    this.nextSeq = firstSeq;
  }

  /** A number of the same line for an event that is not stored. */
  takeSeq(): number {
    return this.nextSeq++;
  }

  /** Neither waits nor throws; a failure is a line in the log. */
  publish(event: NewEvent): void {
    const { database, clock, logger, nodeId, announce } = this.dependencies;
    const seq = this.nextSeq++;
    try {
      const row: RuntimeEventRow = {
        seq,
        node_id: nodeId,
        type: event.type,
        level: event.level,
        at_ms: clock.now(),
        account_id: event.accountId ?? null,
        message: redactText(event.message),
        facts: event.facts === undefined ? null : JSON.stringify(redactFacts(event.facts)),
      };
      database.write.append(RUNTIME_EVENTS_TARGET, row);
      announce(toEvent(row));
    } catch (error) {
      logger.error('runtime_event_publish_failed', { type: event.type, seq, error });
    }
  }

  /** Events in order of seq. `nextSeq` is the `since` of the next call: the last seq of this page, or the one given. */
  async page(request: EventPageRequest): Promise<RuntimeEventPage> {
    await this.catchUp();
    const rows =
      request.sinceSeq === null
        ? await this.store.newest(request.limit)
        : await this.store.after(request.sinceSeq, request.limit);
    return { events: rows.map(toEvent), nextSeq: rows.at(-1)?.seq ?? request.sinceSeq ?? 0 };
  }

  /** A reader sees what was published before it asked. While the disk fails it is shown what is stored. */
  private async catchUp(): Promise<void> {
    const { database, logger } = this.dependencies;
    try {
      await database.write.flush();
    } catch (error) {
      logger.warn('runtime_events_read_without_flush', { error });
    }
  }
}

function toEvent(row: RuntimeEventRow): RuntimeEvent {
  return {
    seq: row.seq,
    type: row.type,
    atMs: row.at_ms,
    data: {
      level: readLevel(row.level),
      message: row.message,
      accountId: row.account_id,
      facts: readFacts(row.facts),
    },
  };
}

function readLevel(level: string): EventLevel {
  return level === 'warn' || level === 'error' ? level : 'info';
}

function readFacts(text: string | null): Record<string, unknown> {
  const facts = readStoredJson(text);
  return isRecord(facts) ? facts : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
