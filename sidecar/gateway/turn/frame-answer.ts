/** The answer as WebSocket frames: bytes as they came, keepalives while silent, errors as the client of Codex reads them. */
import type { CoarseTimer, CoarseTimers } from '../../platform/coarse-timers';
import { openAiEnvelope, type WireError } from '../../platform/errors';
import { failedResponse } from '../protocol/synthetic-events';
import type { RouteFlavour } from '../protocol/responses-rules';
import type { Answer } from './answer';
import type { FrameTurn } from './frame-turn';

export interface FrameAnswerOptions {
  readonly flavour: RouteFlavour;
  readonly keepaliveMs: number;
  readonly timers: CoarseTimers;
  readonly now: () => number;
}

export class FrameAnswer implements Answer {
  readonly form = 'frames';
  readonly incompleteCode = 'stream_incomplete';
  visible = false;
  readonly #turn: FrameTurn;
  readonly #options: FrameAnswerOptions;
  readonly #keepalive: CoarseTimer;

  constructor(turn: FrameTurn, options: FrameAnswerOptions) {
    this.#turn = turn;
    this.#options = options;
    this.#keepalive = options.timers.arm(options.keepaliveMs, () => this.#keepAlive());
    turn.cancel.signal.addEventListener('abort', () => this.#keepalive.cancel(), { once: true });
  }

  /** The headers of the upstream's handshake are not this turn's. */
  adopt(): void {
    this.visible = false;
  }

  write(frame: Buffer): boolean {
    this.visible = true;
    this.#keepalive.rearm(this.#options.keepaliveMs);
    this.#turn.record.bytesDown += frame.length;
    return this.#turn.socket.send(frame);
  }

  end(): void {
    this.#keepalive.cancel();
    this.#turn.answered(200);
  }

  fail(error: WireError): void {
    this.#keepalive.cancel();
    this.#turn.socket.send(this.visible ? this.#failed(error) : errorFrame(error));
    this.#turn.answered(this.visible ? 200 : error.status);
  }

  #failed(error: WireError): string {
    const { responseId } = this.#turn.record;
    return JSON.stringify(
      failedResponse({
        code: error.code === 'usage_limit_reached' ? 'insufficient_quota' : error.code,
        message: error.message,
        type: error.type,
        nowMs: this.#options.now(),
        ...(error.param === undefined ? {} : { param: error.param }),
        ...(responseId === null ? {} : { responseId }),
        ...(error.details === undefined ? {} : { details: error.details }),
      }),
    );
  }

  /** Protocol pings do not reset the Codex client's idle watch, frames do; SDKs know no such frame (codex-wire 2.5). */
  #keepAlive(): void {
    const { socket, record, isClosed } = this.#turn;
    // A defect ends a turn past its answer, and the socket lives on.
    if (isClosed) return;
    if (this.#options.flavour === 'v1') socket.ping();
    else if (this.visible && record.responseId !== null) {
      socket.send(JSON.stringify({ type: 'codex.keepalive', request_id: record.requestId, status: 'in_progress' }));
    } else {
      const status = 'pending_response_created';
      socket.send(JSON.stringify({ type: 'codex.keepalive', request_id: record.requestId, status }));
    }
    this.#keepalive.rearm(this.#options.keepaliveMs);
  }
}

/** The nested shape with `status`: the only one that every client reads (codex-observed "How it reacts"). */
export function errorFrame(error: WireError): string {
  return JSON.stringify({ type: 'error', status: error.status, ...openAiEnvelope(error) });
}
