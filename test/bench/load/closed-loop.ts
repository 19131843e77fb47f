/** Closed loop: every connection sends its next request when its answer is complete. */
import { setTimeout as pause } from 'node:timers/promises';
import { ClientConnection } from './client-connection';
import type { Load, LoadPlan, LoadWindow } from './load-window';
import { WindowRecorder } from './window-recorder';

export class ClosedLoop implements Load {
  readonly #connections: ClientConnection[];
  readonly #recorder: WindowRecorder;
  #busy = 0;
  #onIdle: () => void = () => undefined;

  constructor(plan: LoadPlan) {
    const recorder = new WindowRecorder(plan.nowMicros);
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
  }

  async run(ms: number): Promise<LoadWindow> {
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#recorder.begin();
    this.#busy = this.#connections.length;
    for (const connection of this.#connections) connection.send();
    await pause(ms);
    this.#recorder.cut();
    return this.#recorder.finish(idle);
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #onEnd(connection: ClientConnection, problem: string | null): void {
    this.#recorder.note(connection.sentMicros, problem);
    // A connection that failed rests until the next window: a broken server must not be hammered.
    if (this.#recorder.open && problem === null) {
      connection.send();
      return;
    }
    this.#busy -= 1;
    if (this.#busy === 0) this.#onIdle();
  }
}
