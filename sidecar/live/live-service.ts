/**
 * Live events and traffic for whoever watches. Everything comes from what is known anyway: runtime events, the rows of
 * closed turns, the totals in the records of open ones. Without watchers nothing runs.
 */
import type { WebSocket } from 'ws';
import type { LiveEvent, TrafficSnapshot } from '../contract/live';
import type { RuntimeEvent } from '../contract/runtime';
import { toRequestLog, type RequestLogRow } from '../ledger/request-log-row';
import type { Clock } from '../platform/clock';
import { EventFeed, FeedEntry } from './event-feed';
import { changesAccount, signalOf, signalsOfTurn } from './live-events';
import { SocketReaders } from './socket-readers';
import { TrafficMeter, type TurnBytes } from './traffic-meter';
import { TrafficStream } from './traffic-stream';

export interface LiveDependencies {
  readonly clock: Clock;
  readonly version: string;
  readonly instanceId: string;
  /** Gives a seq of the line that runtime events have, and keeps it. */
  readonly takeSeq: () => number;
  /** Records of the turns in flight. */
  readonly openTurns: () => Iterable<TurnBytes>;
  readonly sources: LiveSources;
}

type Subscribe<Value> = (listener: (value: Value) => void) => () => void;

/** Where news comes from. */
export interface LiveSources {
  readonly runtimeEvents: Subscribe<RuntimeEvent>;
  readonly closedTurns: Subscribe<RequestLogRow>;
  /** Names of the settings that changed. */
  readonly settings: Subscribe<readonly string[]>;
}

/** Accounts that changed are told together, at most this often, ms. */
const ACCOUNTS_PAUSE_MS = 1000;

export class LiveService {
  readonly #deps: LiveDependencies;
  readonly #feed: EventFeed;
  readonly #events = new SocketReaders();
  readonly #traffic: TrafficStream;
  readonly #meter: TrafficMeter;
  readonly #stops: (() => void)[];
  readonly #changedAccounts = new Set<string>();
  #accountsTimer: NodeJS.Timeout | null = null;
  #lastAccount: string | null = null;

  constructor(deps: LiveDependencies) {
    this.#deps = deps;
    this.#feed = new EventFeed(deps.takeSeq());
    this.#meter = new TrafficMeter(() => deps.clock.now());
    this.#traffic = new TrafficStream({
      now: () => deps.clock.now(),
      snapshot: () => this.traffic().accounts,
      hasEventReaders: () => this.#events.size > 0,
      announce: (data) => this.#events.send(this.#entry(0, 'account_traffic', () => ({ ...data })).bytes, false),
    });
    const { sources } = deps;
    this.#stops = [
      sources.runtimeEvents((event) => this.#onRuntimeEvent(event)),
      sources.closedTurns((row) => this.#onClosedTurn(row)),
      sources.settings((names) => this.#publish('settings_changed', () => ({ names }))),
      this.#feed.listen((entries) => this.#deliver(entries)),
    ];
  }

  /** Totals up to now. */
  traffic(): TrafficSnapshot {
    this.#meter.look(this.#deps.openTurns());
    return { generatedAtMs: this.#deps.clock.now(), accounts: [...this.#meter.totals()] };
  }

  /** @param since seq of the last event that the reader has; `null` = it begins now */
  addEventReader(socket: WebSocket, since: number | null): void {
    const missed = since === null ? [] : this.#feed.after(since);
    const reader = this.#events.add(socket, () => this.#resync());
    const { version, instanceId } = this.#deps;
    reader.send(this.#entry(0, 'hello', () => ({ version, instanceId })).bytes, false);
    if (missed === null) reader.send(this.#resync(), false);
    else for (const entry of missed) reader.send(entry.bytes, false);
    this.#traffic.wake();
  }

  addTrafficReader(socket: WebSocket): void {
    this.#traffic.add(socket);
  }

  /** Tells every reader goodbye; nothing runs afterwards. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    if (this.#accountsTimer !== null) clearTimeout(this.#accountsTimer);
    this.#feed.close();
    await Promise.all([this.#events.close(), this.#traffic.close()]);
  }

  #onRuntimeEvent(event: RuntimeEvent): void {
    this.#feed.add(new FeedEntry(event.seq, event.type, event.atMs, () => event.data));
    const signal = signalOf(event);
    if (signal !== null) this.#publish('runtime_signal', () => signal);
    if (changesAccount(event)) this.#accountChanged(event.data.accountId);
  }

  #onClosedTurn(row: RequestLogRow): void {
    this.#meter.close({
      id: row.id,
      accountId: row.account_id,
      bytesUp: row.bytes_up ?? 0,
      bytesDown: row.bytes_down ?? 0,
    });
    this.#publish('request_log', () => toRequestLog(row));
    for (const signal of signalsOfTurn(row, this.#lastAccount)) this.#publish('runtime_signal', () => signal);
    this.#lastAccount = row.account_id ?? this.#lastAccount;
    this.#accountChanged(row.account_id);
  }

  #accountChanged(accountId: string | null): void {
    if (accountId === null) return;
    this.#changedAccounts.add(accountId);
    this.#accountsTimer ??= setTimeout(() => this.#tellAccounts(), ACCOUNTS_PAUSE_MS).unref();
  }

  #tellAccounts(): void {
    this.#accountsTimer = null;
    const accountIds = [...this.#changedAccounts];
    this.#changedAccounts.clear();
    this.#publish('accounts_changed', () => ({ accountIds }));
  }

  #publish(type: string, data: () => LiveEvent['data']): void {
    this.#feed.add(this.#entry(this.#deps.takeSeq(), type, data));
  }

  #entry(seq: number, type: string, data: () => LiveEvent['data']): FeedEntry {
    return new FeedEntry(seq, type, this.#deps.clock.now(), data);
  }

  #resync(): Buffer {
    return this.#entry(this.#feed.lastSeq, 'resync', () => ({})).bytes;
  }

  #deliver(entries: readonly FeedEntry[]): void {
    if (this.#events.size === 0) return;
    for (const entry of entries) this.#events.send(entry.bytes, false);
  }
}
