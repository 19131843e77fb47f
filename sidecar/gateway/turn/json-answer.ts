/** The answer as one JSON object, collected out of the upstream's events. Nothing is visible before its end. */
import { TightropeError, type WireError } from '../../platform/errors';
import { ResponseCollector } from '../relay/collector';
import type { Answer } from './answer';
import { respondError, respondJson, type HeaderList } from './respond';
import type { HttpTurn } from './http-turn';

export class JsonAnswer implements Answer {
  readonly visible = false;
  readonly incompleteCode = 'upstream_incomplete';
  readonly #turn: HttpTurn;
  #headers: HeaderList = [];
  #collector = new ResponseCollector();

  constructor(turn: HttpTurn) {
    this.#turn = turn;
  }

  adopt(headers: HeaderList): void {
    this.#headers = headers;
    this.#collector = new ResponseCollector();
  }

  write(events: Buffer): boolean {
    this.#collector.push(events);
    return true;
  }

  end(): void {
    try {
      const { status, body } = this.#collector.finish();
      this.#turn.record.bytesDown += body.length;
      respondJson(this.#turn.response, status, [...this.#turn.headers, ...this.#headers], body);
      this.#turn.answered(status);
    } catch (thrown) {
      if (!(thrown instanceof TightropeError)) throw thrown;
      this.#turn.noteError(thrown, 'upstream');
      this.fail(thrown);
    }
  }

  fail(error: WireError): void {
    respondError(this.#turn.response, [...this.#turn.headers, ...this.#headers], error);
    this.#turn.answered(error.status);
  }
}
