/** Many streams held open at once: time to the first event, delivery delays while they run, losses at their end. */
import { setTimeout as pause } from 'node:timers/promises';
import { Histogram, type Distribution } from '../figures/histogram';
import type { EventTotals } from '../wire/event-tally';
import { ClientConnection } from './client-connection';
import type { LoadPlan } from './load-window';
import { ProblemCount, type Problems } from './problems';

/** Opening and ending all streams may take this long, ms. */
const PATIENCE_MS = 30_000;

export interface StreamOpenings {
  /** Request to first delta. */
  readonly firstEvent: Distribution;
  readonly started: number;
}

export interface StreamWindow {
  readonly elapsedMs: number;
  readonly events: number;
  /** Sent to received, event by event. */
  readonly delay: Distribution;
}

export interface StreamEnds {
  /** Streams that ended complete: every event once and in order. */
  readonly complete: number;
  readonly problems: Problems;
}

export class SlowStreams {
  readonly #connections: ClientConnection[];
  readonly #nowMicros: () => number;
  readonly #firstEvent = new Histogram();
  readonly #delays = new Histogram();
  readonly #problems = new ProblemCount();
  readonly #totals: EventTotals = { events: 0, delays: this.#delays };
  #started = 0;
  #complete = 0;
  #ended = 0;
  #onChange: () => void = () => undefined;

  constructor(plan: LoadPlan) {
    this.#nowMicros = plan.nowMicros;
    this.#connections = Array.from({ length: plan.connections }, (_, number) => {
      return new ClientConnection({
        port: plan.port,
        request: plan.request(number),
        deltas: null,
        totals: this.#totals,
        nowMicros: plan.nowMicros,
        onFirst: (connection) => this.#onFirst(connection),
        onEnd: (_connection, problem) => this.#onEnd(problem),
      });
    });
  }

  /** Opens one stream every `spacingMs`; resolves when all have delivered something or have ended. */
  async open(spacingMs: number): Promise<StreamOpenings> {
    for (const connection of this.#connections) {
      connection.send();
      await pause(spacingMs);
    }
    await this.#until(() => this.#started + this.#ended >= this.#connections.length);
    return { firstEvent: this.#firstEvent.summary(), started: this.#started };
  }

  /** Watches the open streams for `ms`. */
  async watch(ms: number): Promise<StreamWindow> {
    this.#delays.reset();
    this.#totals.events = 0;
    const startedMicros = this.#nowMicros();
    await pause(ms);
    const elapsedMs = (this.#nowMicros() - startedMicros) / 1000;
    return { elapsedMs, events: this.#totals.events, delay: this.#delays.summary() };
  }

  /** Waits until every stream has ended, then closes the connections. */
  async end(): Promise<StreamEnds> {
    const inTime = await this.#until(() => this.#ended >= this.#connections.length);
    if (!inTime) this.#problems.note(`${String(this.#connections.length - this.#ended)} streams did not end`);
    for (const connection of this.#connections) connection.close();
    return { complete: this.#complete, problems: this.#problems.take() };
  }

  #onFirst(connection: ClientConnection): void {
    this.#firstEvent.record(this.#nowMicros() - connection.sentMicros);
    this.#started += 1;
    this.#onChange();
  }

  #onEnd(problem: string | null): void {
    this.#ended += 1;
    if (problem === null) this.#complete += 1;
    else this.#problems.note(problem);
    this.#onChange();
  }

  /** `false` when it did not become true in time. */
  async #until(holds: () => boolean): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const met = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), PATIENCE_MS);
      this.#onChange = () => {
        if (holds()) resolve(true);
      };
      this.#onChange();
    });
    const result = await met;
    clearTimeout(timer);
    this.#onChange = () => undefined;
    return result;
  }
}
