/** Open loop: requests at a fixed rate, whether or not earlier ones have been answered; waiting for a free connection counts. */
import { setTimeout as pause } from 'node:timers/promises';
import { ClientConnection } from './client-connection';
import type { Load, LoadPlan, LoadWindow } from './load-window';
import { WindowRecorder } from './window-recorder';

/** Granularity of the rate, ms: what Node's timers can do. */
const TICK_MS = 1;

export class OpenLoop implements Load {
  readonly #connections: ClientConnection[];
  readonly #recorder: WindowRecorder;
  readonly #nowMicros: () => number;
  /** When the request that a connection serves was due. */
  readonly #dueMicros = new Map<ClientConnection, number>();
  #free: ClientConnection[] = [];
  #queue: number[] = [];
  #onIdle: () => void = () => undefined;

  constructor(
    plan: LoadPlan,
    private readonly ratePerSecond: number,
  ) {
    const recorder = new WindowRecorder(plan.nowMicros);
    this.#nowMicros = plan.nowMicros;
    this.#recorder = recorder;
    this.#connections = Array.from({ length: plan.connections }, (_, number) => {
      return new ClientConnection({
        port: plan.port,
        request: plan.request(number),
        deltas: plan.deltas,
        totals: recorder.totals,
        nowMicros: plan.nowMicros,
        onEnd: (connection, problem) => this.#onEnd(connection, problem),
      });
    });
  }

  async connect(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.connect()));
    this.#free = [...this.#connections];
  }

  async run(ms: number): Promise<LoadWindow> {
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#recorder.begin();
    const startedMicros = this.#nowMicros();
    let issued = 0;
    const timer = setInterval(() => {
      const nowMicros = this.#nowMicros();
      const due = Math.floor(((nowMicros - startedMicros) / 1e6) * this.ratePerSecond);
      for (; issued < due; issued += 1) this.#issue(nowMicros);
    }, TICK_MS);
    await pause(ms);
    clearInterval(timer);
    this.#recorder.cut();
    this.#queue = [];
    this.#settle();
    return this.#recorder.finish(idle);
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #issue(dueMicros: number): void {
    const connection = this.#free.pop();
    if (connection === undefined) {
      this.#queue.push(dueMicros);
      return;
    }
    this.#dueMicros.set(connection, dueMicros);
    connection.send();
  }

  #onEnd(connection: ClientConnection, problem: string | null): void {
    this.#recorder.note(this.#dueMicros.get(connection) ?? connection.sentMicros, problem);
    this.#free.push(connection);
    const next = this.#queue.shift();
    if (next !== undefined) this.#issue(next);
    this.#settle();
  }

  #settle(): void {
    if (!this.#recorder.open && this.#free.length === this.#connections.length) this.#onIdle();
  }
}
