/** Database writes that nobody waits for: each is followed to its end, and a failure is logged, never lost. */
import type { Logger } from '../platform/logger';
import { messageOf } from '../platform/thrown';

export class BackgroundWrites {
  readonly #logger: Logger;
  readonly #running = new Set<Promise<void>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Starts a write. `what` and `accountId` name it in the log if it fails. */
  start(what: string, accountId: string, body: () => Promise<unknown>): void {
    const write = body().then(
      () => undefined,
      (error: unknown) => {
        const reason = messageOf(error);
        this.#logger.error('account_write_failed', { what, accountId, reason });
      },
    );
    this.#running.add(write);
    void write.finally(() => this.#running.delete(write));
  }

  /** Resolves when everything started so far has ended. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
