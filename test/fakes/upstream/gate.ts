/** Holds any behaviour back until the test lets it go. */
import { untilAborted } from './answer';
import type { Behaviour } from './behaviour';
import { deferred, oneShot } from './deferred';
import type { RecordedRequest } from './recorder';

export class Gate {
  readonly behaviour: Behaviour;
  /** Resolves when the first request stands at the gate. */
  readonly arrived: Promise<RecordedRequest>;
  private readonly opened = oneShot();

  /** `then` runs once the gate is open; default the route's standard answer. */
  constructor(then: Behaviour = (exchange) => exchange.standard()) {
    const arrival = deferred<RecordedRequest>();
    this.arrived = arrival.promise;
    this.behaviour = async (exchange) => {
      arrival.resolve(exchange.request);
      await Promise.race([this.opened.promise, untilAborted(exchange.signal)]);
      if (!exchange.signal.aborted) await then(exchange);
    };
  }

  open(): void {
    this.opened.fire();
  }
}
