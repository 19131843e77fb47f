/** A large answer sent as fast as the reader takes it: shows whether somebody in between stops reading upstream. */
import { once } from 'node:events';
import type { Behaviour, Exchange } from './behaviour';
import { oneShot } from './deferred';
import { EventWriter } from './event-writer';
import { frameEvent } from './event-framing';
import { freshId, responseCompleted, responseCreated, textDelta } from './events';

export interface FloodOptions {
  /** Number of text deltas. */
  readonly events: number;
  /** Text bytes in each. */
  readonly deltaBytes: number;
}

export class Flood {
  readonly behaviour: Behaviour;
  /** Bytes accepted by the socket so far. */
  sentBytes = 0;
  /** Resolves when the socket first refuses more. */
  readonly stalled: Promise<void>;
  private readonly firstStall = oneShot();

  constructor(private readonly options: FloodOptions) {
    this.stalled = this.firstStall.promise;
    this.behaviour = (exchange) => this.run(exchange);
  }

  private async run(exchange: Exchange): Promise<void> {
    const facts = { id: freshId('resp'), model: 'gpt-5.5' };
    const writer = new EventWriter(exchange);
    writer.head();
    await writer.event(responseCreated(facts));
    const delta = frameEvent(textDelta(freshId('msg'), 0, 'x'.repeat(this.options.deltaBytes)));
    for (let index = 0; index < this.options.events && !exchange.signal.aborted; index += 1) {
      await this.push(exchange, delta);
    }
    if (exchange.signal.aborted) return;
    await writer.event(responseCompleted(facts));
    writer.end();
  }

  private async push({ response, signal }: Exchange, bytes: Buffer): Promise<void> {
    const more = response.write(bytes);
    this.sentBytes += bytes.length;
    if (more) return;
    this.firstStall.fire();
    await once(response, 'drain', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
