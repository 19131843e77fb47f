/**
 * The answer as server-sent events. The status line is held until the first event or until a keepalive is due, so that an
 * error before it is an HTTP status; keepalives go out only between whole events.
 */
import type { CoarseTimer, CoarseTimers } from '../../platform/coarse-timers';
import type { WireError } from '../../platform/errors';
import type { StreamDialect } from '../relay/stream-dialect';
import type { Answer } from './answer';
import { respondError, type HeaderList } from './respond';
import type { HttpTurn } from './http-turn';

const STREAM_HEADERS: HeaderList = [
  'content-type',
  'text/event-stream',
  'cache-control',
  'no-cache',
  'x-accel-buffering',
  'no',
];

export interface StreamAnswerOptions {
  readonly dialect: StreamDialect;
  readonly keepaliveMs: number;
  readonly timers: CoarseTimers;
}

export class StreamAnswer implements Answer {
  visible = false;
  readonly incompleteCode = 'stream_incomplete';
  readonly #turn: HttpTurn;
  readonly #options: StreamAnswerOptions;
  readonly #keepalive: CoarseTimer;
  #headers: HeaderList = [];

  constructor(turn: HttpTurn, options: StreamAnswerOptions) {
    this.#turn = turn;
    this.#options = options;
    this.#keepalive = options.timers.arm(options.keepaliveMs, () => this.#keepAlive());
  }

  adopt(headers: HeaderList): void {
    this.#headers = headers;
    this.#options.dialect.restart();
  }

  write(events: Buffer): boolean {
    const bytes = this.#options.dialect.translate(events);
    if (bytes.length === 0) return true;
    this.visible = true;
    this.#open();
    this.#keepalive.rearm(this.#options.keepaliveMs);
    this.#turn.record.bytesDown += bytes.length;
    return this.#turn.response.write(bytes);
  }

  end(): void {
    const { failure } = this.#options.dialect;
    if (failure !== null) {
      this.fail(failure);
      return;
    }
    this.#keepalive.cancel();
    this.#open();
    this.#turn.response.end();
    this.#turn.answered(200);
  }

  fail(error: WireError): void {
    this.#keepalive.cancel();
    const { response } = this.#turn;
    if (response.headersSent) response.end(this.#options.dialect.failed(error, this.#turn.record));
    else respondError(response, this.#turn.headers, error, this.#turn.errorBody);
    this.#turn.answered(response.statusCode);
  }

  /** Ends the keepalives of an answer whose client has left. */
  dispose(): void {
    this.#keepalive.cancel();
  }

  #open(): void {
    const { response } = this.#turn;
    if (!response.headersSent) response.writeHead(200, [...this.#turn.headers, ...this.#headers, ...STREAM_HEADERS]);
  }

  #keepAlive(): void {
    const { response } = this.#turn;
    if (response.destroyed || response.writableEnded) return;
    // A client that does not read gets no keepalives piled up.
    if (!response.writableNeedDrain) {
      this.#open();
      response.write(this.#options.dialect.keepalive);
    }
    this.#keepalive.rearm(this.#options.keepaliveMs);
  }
}
