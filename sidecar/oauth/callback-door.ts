/** Opens the callback listener while at least one browser sign-in wants it, and closes it after the last. */
import { TightropeError } from '../platform/errors';
import { callbackAddress, type CallbackAddress } from './callback-address';
import { CallbackListener, type TakeCallback } from './callback-listener';

/** What a sign-in holds while it waits for its browser. */
export interface DoorHold {
  /** The address to send the browser back to. */
  readonly redirectUri: string;
  /** Why nobody listens there, in words; `null` when somebody does or nobody should. */
  readonly problem: string | null;
  /** To be called once, when the browser is not awaited any more. */
  release(): void;
}

export class CallbackDoor {
  readonly #address: CallbackAddress | null;
  readonly #configured: string;
  readonly #take: TakeCallback;
  readonly #closing = new Set<Promise<void>>();
  readonly #leaving = new Set<CallbackListener>();
  #listener: CallbackListener | null = null;
  #opening: Promise<string | null> | null = null;
  #holds = 0;

  /** @param redirectUri `config.oauth.redirectUri` */
  constructor(redirectUri: string, take: TakeCallback) {
    this.#configured = redirectUri;
    this.#address = callbackAddress(redirectUri);
    this.#take = take;
  }

  /** @throws TightropeError `listen_failed` for anything but a taken port */
  async hold(): Promise<DoorHold> {
    this.#holds += 1;
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      if (this.#holds === 0) this.#shut();
    };
    try {
      this.#opening ??= this.#open();
      const problem = await this.#opening;
      return { redirectUri: this.#redirectUri(), problem, release };
    } catch (error) {
      release();
      throw error;
    } finally {
      this.#opening = null;
    }
  }

  /** Whether a browser that comes back to this address is heard. */
  listensAt(redirectUri: string | null): boolean {
    return this.#listener !== null && this.#redirectUri() === redirectUri;
  }

  /** Closes at once, whoever holds it. */
  async close(): Promise<void> {
    this.#shut();
    for (const listener of this.#leaving) listener.breakConnections();
    await Promise.all(this.#closing);
  }

  /** Why it could not be opened, in words; `null` when it is open. */
  async #open(): Promise<string | null> {
    if (this.#listener !== null || this.#address === null) return null;
    try {
      const listener = await CallbackListener.open(this.#address, this.#take);
      this.#listener = listener;
      // Whoever wanted it may have gone while it opened.
      if (this.#holds === 0) this.#shut();
      return null;
    } catch (error) {
      if (error instanceof TightropeError && error.code === 'callback_port_busy') return error.message;
      throw error;
    }
  }

  #redirectUri(): string {
    if (this.#listener === null || this.#address === null) return this.#configured;
    return this.#address.redirectUri(this.#listener.port);
  }

  /** The port is free again when this returns; answers that are on their way go out afterwards. */
  #shut(): void {
    const listener = this.#listener;
    if (listener === null) return;
    this.#listener = null;
    this.#leaving.add(listener);
    const closed = listener.close().then(() => {
      this.#leaving.delete(listener);
      this.#closing.delete(closed);
    });
    this.#closing.add(closed);
  }
}
