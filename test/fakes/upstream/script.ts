import type { Behaviour } from './behaviour';
import type { RecordedRequest } from './recorder';

/** Picks a behaviour per request; `undefined` = the route's standard answer. */
export type Decision = (request: RecordedRequest) => Behaviour | undefined;

/** What one account (or the whole fake) does on one route: first the queue, then the lasting decision. */
export class Script {
  private queue: Behaviour[] = [];
  private lasting: Decision = () => undefined;

  /** Appends behaviours, one for each of the next requests. */
  next(...behaviours: readonly Behaviour[]): this {
    this.queue.push(...behaviours);
    return this;
  }

  /** Every request after the queue is answered this way. */
  always(behaviour: Behaviour): this {
    return this.decide(() => behaviour);
  }

  /** Like `always`, looking at the request first. */
  decide(decision: Decision): this {
    this.lasting = decision;
    return this;
  }

  /** Back to the standard answer. */
  clear(): this {
    this.queue = [];
    this.lasting = () => undefined;
    return this;
  }

  /** Behaviours still queued: a test that expects all of them to be used checks for 0. */
  get queued(): number {
    return this.queue.length;
  }

  /** Consumes the behaviour for this request. */
  take(request: RecordedRequest): Behaviour | undefined {
    return this.queue.shift() ?? this.lasting(request);
  }
}
