/** The upstream's one body as the client's answer, as it came or as its route shapes it. Nothing is visible before its end. */
import { TightropeError, type WireError } from '../../platform/errors';
import type { Answer } from './answer';
import type { HttpTurn } from './http-turn';
import { respondBody, respondError, type HeaderList } from './respond';

/** A complete answer: its own headers (`content-type`, `location`) are in the list. */
export interface WholeReply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

/** @throws TightropeError when the upstream's body is not what the route promises */
export type ShapeReply = (reply: WholeReply) => WholeReply;

const AS_IT_CAME: ShapeReply = (reply) => reply;

export class BodyAnswer implements Answer {
  readonly visible = false;
  readonly incompleteCode = 'upstream_incomplete';
  readonly #turn: HttpTurn;
  readonly #shape: ShapeReply;
  #reply: WholeReply = { status: 200, headers: [], body: Buffer.alloc(0) };

  constructor(turn: HttpTurn, shape: ShapeReply = AS_IT_CAME) {
    this.#turn = turn;
    this.#shape = shape;
  }

  adopt(headers: HeaderList, status = 200): void {
    this.#reply = { status, headers, body: Buffer.alloc(0) };
  }

  write(body: Buffer): boolean {
    this.#reply = { ...this.#reply, body };
    return true;
  }

  end(): void {
    const { response, record } = this.#turn;
    try {
      const { status, headers, body } = this.#shape(this.#reply);
      record.bytesDown += body.length;
      respondBody(response, status, [...this.#turn.headers, ...headers], body);
      this.#turn.answered(status);
    } catch (thrown) {
      if (!(thrown instanceof TightropeError)) throw thrown;
      this.#turn.noteError(thrown, 'upstream');
      this.fail(thrown);
    }
  }

  fail(error: WireError): void {
    respondError(this.#turn.response, this.#turn.headers, error, this.#turn.errorBody);
    this.#turn.answered(error.status);
  }
}
