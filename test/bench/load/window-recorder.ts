/** Keeps the counts of one window of load; shared by the closed and the open loop. */
import { Histogram } from '../figures/histogram';
import type { EventTotals } from '../wire/event-tally';
import { DRAIN_WITHIN_MS, type LoadWindow } from './load-window';
import { ProblemCount } from './problems';

export class WindowRecorder {
  readonly totals: EventTotals = { events: 0, delays: null };
  readonly #latency = new Histogram();
  readonly #problems = new ProblemCount();
  #answers = 0;
  #startedMicros = 0;
  #inWindow: Pick<LoadWindow, 'elapsedMs' | 'answers' | 'events'> | null = null;

  constructor(private readonly nowMicros: () => number) {}

  /** Whether requests are to be sent. */
  get open(): boolean {
    return this.#startedMicros > 0 && this.#inWindow === null;
  }

  begin(): void {
    this.totals.events = 0;
    this.#answers = 0;
    this.#latency.reset();
    this.#inWindow = null;
    this.#startedMicros = this.nowMicros();
  }

  /** An answer to a request that began at `sinceMicros`. */
  note(sinceMicros: number, problem: string | null): void {
    if (problem !== null) {
      this.#problems.note(problem);
      return;
    }
    this.#answers += 1;
    if (this.#inWindow === null) this.#latency.record(this.nowMicros() - sinceMicros);
  }

  /** The window is over; what still comes counts as under way. */
  cut(): void {
    const elapsedMs = (this.nowMicros() - this.#startedMicros) / 1000;
    this.#inWindow = { elapsedMs, answers: this.#answers, events: this.totals.events };
  }

  /** Waits for `idle`, no longer than the drain time. */
  async finish(idle: Promise<void>): Promise<LoadWindow> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#problems.note('no answer after the end of the window');
        resolve();
      }, DRAIN_WITHIN_MS);
    });
    await Promise.race([idle, late]);
    clearTimeout(timer);
    this.#startedMicros = 0;
    return {
      ...(this.#inWindow ?? { elapsedMs: 0, answers: 0, events: 0 }),
      answersInAll: this.#answers,
      eventsInAll: this.totals.events,
      latency: this.#latency.summary(),
      problems: this.#problems.take(),
    };
  }
}
