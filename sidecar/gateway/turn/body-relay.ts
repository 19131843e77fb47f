/** Relays the one body of an answer that is no event stream: nothing is shown before it is whole, so that it can still fail over. */
import { TightropeError } from '../../platform/errors';
import { clientResponseHeaders } from '../upstream/response-headers';
import type { Answer } from './answer';
import type { AnswerRelay, RelayState } from './event-relay';
import type { LearnedValues } from './learned-values';
import type { HeaderList } from './respond';
import type { Turn } from './turn';

export interface BodyRelayOptions {
  readonly turn: Turn;
  readonly answer: Answer;
  readonly learned: LearnedValues;
  readonly status: number;
  /** As upstream sent them, names in lower case. */
  readonly headers: HeaderList;
}

/** A whole answer in memory; pictures are the largest, some megabytes each. */
const LIMIT_BYTES = 64 * 1024 * 1024;
/** Headers of the answer itself, beside those that every answer passes on. */
const OF_THE_BODY: ReadonlySet<string> = new Set(['content-type', 'location']);

export class BodyRelay implements AnswerRelay {
  state: RelayState = 'open';
  readonly rejection = null;
  stalled = false;
  readonly #options: BodyRelayOptions;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(options: BodyRelayOptions) {
    this.#options = options;
  }

  feed(chunk: Buffer): RelayState {
    this.#bytes += chunk.length;
    if (this.#bytes > LIMIT_BYTES) throw new TightropeError('upstream_response_too_large');
    this.#chunks.push(chunk);
    return this.state;
  }

  finish(): RelayState {
    const { turn, answer, learned, status, headers } = this.#options;
    const body = Buffer.concat(this.#chunks, this.#bytes);
    turn.markFirstOutput();
    learned.whole(body);
    answer.adopt([...clientResponseHeaders(headers), ...ofTheBody(headers)], status);
    answer.write(body);
    this.state = 'complete';
    return this.state;
  }

  dispose(): void {
    this.#chunks.length = 0;
  }
}

function ofTheBody(headers: HeaderList): string[] {
  const found: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (OF_THE_BODY.has(name)) found.push(name, headers[i + 1] ?? '');
  }
  return found;
}
