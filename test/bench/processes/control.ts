/** Typed calls between the bench and its own processes, over Node's IPC channel. */

/** Constraint of a process's operations: name → what it takes and what it gives. */
export type Operations<Ops> = { readonly [Name in keyof Ops]: { readonly args: unknown; readonly result: unknown } };

/** The functions behind some operations. */
export type Handlers<Ops extends Operations<Ops>> = {
  readonly [Name in keyof Ops]: (args: Ops[Name]['args']) => Promise<Ops[Name]['result']> | Ops[Name]['result'];
};

/** From the bench to a process. */
export interface CallMessage {
  readonly id: number;
  readonly name: string;
  readonly args: unknown;
}

/** From a process to the bench. `id` 0 announces that it is ready. */
export interface ReplyMessage {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The announcement of a process that listens. */
export interface Ready {
  readonly port: number;
}

/** Answers calls until the bench closes the channel, then leaves: nothing outlives the bench. */
export function serveCalls<Ops extends Operations<Ops>>(handlers: Handlers<Ops>): void {
  process.on('message', (message: CallMessage) => {
    void answer(handlers, message);
  });
  process.on('disconnect', () => process.exit(0));
}

/** Tells the bench that the process can be used. */
export function announceReady(ready: Ready): void {
  send({ id: 0, result: ready });
}

async function answer<Ops extends Operations<Ops>>(
  handlers: Handlers<Ops>,
  { id, name, args }: CallMessage,
): Promise<void> {
  try {
    const handler = (handlers as Readonly<Record<string, ((args: unknown) => unknown) | undefined>>)[name];
    if (handler === undefined) throw new Error(`no operation ${name}`);
    send({ id, result: await handler(args) });
  } catch (error) {
    send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function send(message: ReplyMessage): void {
  process.send?.(message);
}
