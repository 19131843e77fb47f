/** The answer as one JSON object, collected out of the upstream's events. Nothing is visible before its end. */
import { TightropeError, type WireError } from '../../platform/errors';
import type { Answer } from './answer';
import { respondError, respondJson, type HeaderList } from './respond';
import type { HttpTurn } from './http-turn';

/** Puts the answer together out of whole events; one per attempt. */
export interface AnswerCollector {
  /** @throws TightropeError `upstream_response_too_large` */
  push(events: Buffer): void;
  /** @throws TightropeError when the events are no complete answer, or tell an error */
  finish(): { readonly status: number; readonly body: Buffer };
}

export class JsonAnswer implements Answer {
  readonly visible = false;
  readonly incompleteCode = 'upstream_incomplete';
  readonly #turn: HttpTurn;
  readonly #newCollector: () => AnswerCollector;
  #headers: HeaderList = [];
  #collector: AnswerCollector;

  constructor(turn: HttpTurn, newCollector: () => AnswerCollector) {
    this.#turn = turn;
    this.#newCollector = newCollector;
    this.#collector = newCollector();
  }

  adopt(headers: HeaderList): void {
    this.#headers = headers;
    this.#collector = this.#newCollector();
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
    respondError(this.#turn.response, [...this.#turn.headers, ...this.#headers], error, this.#turn.errorBody);
    this.#turn.answered(error.status);
  }
}
