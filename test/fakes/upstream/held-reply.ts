/** A reply whose every event waits for the test: order is proved by steps, never by sleeping. */
import { untilAborted, type HeaderSet } from './answer';
import { textAnswer } from './answers';
import type { Behaviour, Exchange } from './behaviour';
import type { Framing } from './event-framing';
import { deferred, oneShot } from './deferred';
import { EventWriter, type Cut, type StreamHead } from './event-writer';
import type { FakeEvent } from './events';
import type { RecordedRequest } from './recorder';

export interface HeldReplyOptions {
  readonly events?: readonly FakeEvent[];
  readonly headers?: HeaderSet;
  readonly framing?: Framing;
}

/** Serves exactly one request: hand `behaviour` to a script, then step with `sendNext()`. */
export class HeldReply {
  readonly events: readonly FakeEvent[];
  readonly behaviour: Behaviour;
  /** Resolves when the request has reached the fake. */
  readonly arrived: Promise<RecordedRequest>;
  private readonly exchange: Promise<Exchange>;
  private readonly done = oneShot();
  private writer: EventWriter | null = null;
  private sent = 0;

  constructor(private readonly options: HeldReplyOptions = {}) {
    this.events = options.events ?? textAnswer();
    const arrival = deferred<Exchange>();
    this.exchange = arrival.promise;
    this.arrived = this.exchange.then((exchange) => exchange.request);
    this.behaviour = async (exchange) => {
      arrival.resolve(exchange);
      await Promise.race([this.done.promise, untilAborted(exchange.signal)]);
    };
  }

  /** Events not sent yet. */
  get remaining(): number {
    return this.events.length - this.sent;
  }

  /** Sends status and headers alone. */
  async sendHead(): Promise<void> {
    const writer = await this.open();
    writer.head(this.headOptions());
  }

  /** Sends the next event, head first if that is still due; resolves with it when its bytes have left. */
  async sendNext(): Promise<FakeEvent> {
    const event = this.events[this.sent];
    if (event === undefined) throw new Error('held reply has no event left to send');
    this.sent += 1;
    await this.send(event);
    return event;
  }

  /** Sends an event that is not in the list. */
  async send(event: FakeEvent): Promise<void> {
    await this.sendHead();
    const { signal } = await this.exchange;
    if (signal.aborted) throw new Error(`held reply cannot send ${event.type}: the client has left`);
    await (await this.open()).event(event);
  }

  /** Sends bytes as they are. */
  async sendBytes(bytes: Buffer): Promise<void> {
    await this.sendHead();
    await (await this.open()).bytes(bytes);
  }

  /** Sends what is left and ends the answer. */
  async finish(): Promise<void> {
    while (this.remaining > 0) await this.sendNext();
    await this.end();
  }

  /** Ends the answer cleanly. */
  async end(): Promise<void> {
    (await this.open()).end();
    this.done.fire();
  }

  /** Ends the answer the wrong way. */
  async cut(how: Cut = 'close'): Promise<void> {
    (await this.open()).cut(how);
    this.done.fire();
  }

  /** Resolves when the client has left or the exchange is over. */
  async clientGone(): Promise<void> {
    await untilAborted((await this.exchange).signal);
  }

  private headOptions(): StreamHead {
    return this.options.headers === undefined ? {} : { headers: this.options.headers };
  }

  private async open(): Promise<EventWriter> {
    const exchange = await this.exchange;
    this.writer ??= new EventWriter(exchange, this.options.framing);
    return this.writer;
  }
}
