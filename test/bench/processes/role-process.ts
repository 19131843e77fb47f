/** One of the bench's own programs in a process of its own: the same bundle, started with the name of its role. */
import type { Operations, Ready, ReplyMessage } from './control';
import { OwnedProcess } from './owned-process';
import type { Side } from './pinning';

/** Programs of the bench besides the bench itself. */
export type Role = 'upstream' | 'client' | 'splice' | 'pipe';

/** First argument of a process that is to play a role. */
export const ROLE_FLAG = '--role';

const READY_WITHIN_MS = 10_000;
/** The longest call is a window of the soak. */
const CALL_WITHIN_MS = 300_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class RoleProcess<Ops extends Operations<Ops>> {
  readonly process: OwnedProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(role: Role, side: Side, args: readonly string[]) {
    const script = process.argv[1] ?? '';
    this.process = new OwnedProcess({
      side,
      command: [process.execPath, '--enable-source-maps', script, ROLE_FLAG, role, ...args],
      ipc: true,
    });
    this.process.child.on('message', (message: ReplyMessage) => this.#hear(message));
    const gone = (error?: Error): void => this.#giveUp(error);
    this.process.exited.then(() => gone(), gone);
  }

  /** Starts it and waits until it is ready. */
  static async start<Ops extends Operations<Ops>>(
    role: Role,
    side: Side,
    args: readonly string[] = [],
  ): Promise<{ readonly process: RoleProcess<Ops>; readonly port: number }> {
    const started = new RoleProcess<Ops>(role, side, args);
    const ready = (await started.#reply(0, READY_WITHIN_MS)) as Ready;
    return { process: started, port: ready.port };
  }

  /** Calls an operation; rejects with the error it threw. */
  async call<Name extends keyof Ops & string>(name: Name, args: Ops[Name]['args']): Promise<Ops[Name]['result']> {
    this.#lastId += 1;
    const reply = this.#reply(this.#lastId, CALL_WITHIN_MS);
    this.process.child.send({ id: this.#lastId, name, args });
    return reply;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  async #reply(id: number, withinMs: number): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        timer = setTimeout(() => reject(new Error(`no reply\n${this.process.report()}`)), withinMs);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  #hear(message: ReplyMessage): void {
    const waiting = this.#waiting.get(message.id);
    if (message.error === undefined) waiting?.resolve(message.result);
    else waiting?.reject(new Error(message.error));
  }

  #giveUp(error?: Error): void {
    const gone = error ?? new Error(`a process of the bench ended\n${this.process.report()}`);
    for (const waiting of this.#waiting.values()) waiting.reject(gone);
  }
}
