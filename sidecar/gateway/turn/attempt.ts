/** One try at one account: sends the request, relays or refuses its answer, and says how it ended. */
import type { CoarseTimer, CoarseTimers } from '../../platform/coarse-timers';
import { TightropeError, toTightropeError } from '../../platform/errors';
import type { PoolLimits } from '../ports';
import { classify, type Classification, type UpstreamFailure } from '../upstream/classify';
import { clientResponseHeaders } from '../upstream/response-headers';
import type {
  TransportFailure,
  UpstreamCall,
  UpstreamRequest,
  UpstreamSink,
  UpstreamTransport,
} from '../upstream/transport';
import type { Answer } from './answer';
import { BodyRelay } from './body-relay';
import { EventRelay, type AnswerRelay, type RelayState } from './event-relay';
import type { LearnedValues } from './learned-values';
import { tellLimits } from './limit-news';
import type { Turn } from './turn';

/** `answered`: the client has its whole answer, good or bad. `left`: it went away. */
export type AttemptOutcome =
  | { readonly kind: 'answered' | 'left' }
  | { readonly kind: 'failed'; readonly status: number | null; readonly why: Classification };

export interface AttemptServices {
  readonly transport: UpstreamTransport;
  readonly timers: CoarseTimers;
  readonly now: () => number;
  readonly limits: Pick<PoolLimits, 'noteHeaders' | 'noteEvent' | 'noteError'>;
  /** Longest a turn may take in all, ms. */
  readonly budgetMs: number;
  /** Silence of the upstream, before its head and between its bytes, ms. */
  readonly idleMs: number;
  /** How long events that are no output wait for the first one, ms. */
  readonly holdMs: number;
}

export interface AttemptCall {
  readonly turn: Turn;
  readonly answer: Answer;
  readonly accountId: string;
  readonly request: UpstreamRequest;
  /** The token is the one a 401 of this turn was answered with. */
  readonly tokenWasReplaced: boolean;
  /** Takes note of what this account's answer hands out. */
  readonly learned: LearnedValues;
  /** Hears of a failure that could not be kept from the client; the others are in the outcome. */
  readonly onSeenFailure: (why: Classification) => void;
  /** See `TurnPlan`. */
  readonly answersWhole: boolean;
  readonly once: boolean;
}

/** Error bodies beyond this are cut: no upstream error needs more. */
const ERROR_BODY_LIMIT_BYTES = 256 * 1024;
/** Status of a WebSocket's answer: its chunks are frames. */
const SWITCHED = 101;
/** After its terminal event an upstream may take this long to close the body, which keeps the connection for the next turn. */
const TAIL_MS = 1000;
/** Statuses by which an upstream says that it has not done what was asked. */
const NOTHING_DONE: ReadonlySet<number> = new Set([401, 403, 429]);

export function runAttempt(services: AttemptServices, call: AttemptCall): Promise<AttemptOutcome> {
  return new Promise((resolve) => new Attempt(services, call, resolve).start());
}

class Attempt implements UpstreamSink {
  readonly #services: AttemptServices;
  readonly #ask: AttemptCall;
  readonly #resolve: (outcome: AttemptOutcome) => void;
  readonly #idle: CoarseTimer;
  readonly #budget: CoarseTimer;
  readonly #startedAt = performance.now();
  #call: UpstreamCall | null = null;
  #status: number | null = null;
  #headers: readonly string[] = [];
  #relay: AnswerRelay | null = null;
  #errorBody: Buffer[] = [];
  #errorBodyBytes = 0;
  #firstEventMs: number | null = null;
  /** Bytes of the request may have reached the upstream. */
  #sent = true;
  #done = false;
  #isStarted = false;

  constructor(services: AttemptServices, ask: AttemptCall, resolve: (outcome: AttemptOutcome) => void) {
    this.#services = services;
    this.#ask = ask;
    this.#resolve = resolve;
    this.#idle = services.timers.arm(services.idleMs, () => this.#onSilence());
    const leftMs = Math.max(0, services.budgetMs - ask.turn.elapsedMs());
    this.#budget = services.timers.arm(leftMs, () => this.#giveUp('upstream_request_timeout'));
  }

  start(): void {
    const { turn, request } = this.#ask;
    if (turn.cancel.signal.aborted) {
      // The turn ended while its token was fetched: nobody waits for what this would cost.
      this.#onCancel();
      return;
    }
    this.#isStarted = true;
    turn.cancel.signal.addEventListener('abort', this.#onCancel, { once: true });
    turn.client.on('drain', this.#onDrain);
    if (Buffer.isBuffer(request.body)) turn.record.bytesUp += request.body.length;
    this.#call = this.#services.transport.send(request, this);
    turn.holdCall(this.#call);
  }

  onHead(status: number, headers: readonly string[]): void {
    const { turn } = this.#ask;
    this.#status = status;
    this.#headers = headers;
    turn.record.upstreamTransport = status === SWITCHED ? 'websocket' : 'http';
    this.#services.limits.noteHeaders(this.#ask.accountId, headers);
    this.#idle.rearm(this.#services.idleMs);
    if (!this.#isAnswer(status, headers)) return;
    this.#ask.learned.head(headers);
    this.#relay = this.#ask.answersWhole
      ? new BodyRelay({ ...this.#ask, status, headers })
      : this.#relayEvents(clientResponseHeaders(headers));
  }

  #isAnswer(status: number, headers: readonly string[]): boolean {
    if (this.#ask.answersWhole) return status >= 200 && status < 300;
    return status === SWITCHED || (status === 200 && !isJson(headers));
  }

  #relayEvents(headers: readonly string[]): EventRelay {
    const { turn, answer, learned } = this.#ask;
    return new EventRelay({
      turn,
      answer,
      form: this.#status === SWITCHED ? 'frames' : 'stream',
      learned,
      headers,
      timers: this.#services.timers,
      holdMs: this.#services.holdMs,
      onSeenFailure: this.#ask.onSeenFailure,
      onRateLimits: (data) => this.#services.limits.noteEvent(this.#ask.accountId, data),
      judge: (terminal) => this.#classify({ errorEvent: terminal.error }),
    });
  }

  onChunk(chunk: Buffer): void {
    if (this.#done) return;
    this.#idle.rearm(this.#services.idleMs);
    if (this.#relay === null) {
      this.#keepErrorBody(chunk);
      return;
    }
    this.#firstEventMs ??= performance.now() - this.#startedAt;
    try {
      this.#settle(this.#relay.feed(chunk));
    } catch (thrown) {
      this.#breakOff(toTightropeError(thrown));
      return;
    }
    if (this.#relay.stalled && !this.#done) this.#call?.pause();
  }

  onEnd(): void {
    if (this.#done) {
      this.#idle.cancel();
      return;
    }
    if (this.#relay === null) this.#refuse();
    else if (this.#relay.finish() === 'open') this.#breakOff(new TightropeError(this.#ask.answer.incompleteCode));
    else this.#settle(this.#relay.state);
  }

  onError(failure: TransportFailure): void {
    if (this.#done) return;
    this.#sent = failure.phase !== 'connect';
    if (this.#status === null) this.#fail(this.#classify({ transportCode: failure.detail }));
    else if (this.#relay === null) this.#refuse();
    else this.#breakOff(new TightropeError(this.#ask.answer.incompleteCode));
  }

  /** The answer of an upstream that refused, or that sent no event stream. */
  #refuse(): void {
    this.#fail(this.#classify({ bodyText: Buffer.concat(this.#errorBody).toString('utf8') }));
  }

  /** The stream broke. Unseen it is only a failed attempt; seen it ends with an honest terminal event. */
  #breakOff(error: TightropeError): void {
    if (!this.#ask.answer.visible) {
      this.#call?.abort();
      this.#fail(this.#classify({ transportCode: error.code }));
      return;
    }
    this.#ask.turn.noteError(error, 'upstream');
    this.#close({ kind: 'answered' });
    this.#ask.answer.fail(error);
  }

  #settle(state: RelayState): void {
    if (state === 'open') return;
    if (state === 'rejected') {
      this.#call?.abort();
      if (this.#relay?.rejection) this.#fail(this.#relay.rejection);
      return;
    }
    this.#close({ kind: 'answered' });
    // The turn must not abort a call whose connection is about to become free.
    this.#ask.turn.releaseCall();
    this.#idle.rearm(TAIL_MS);
    this.#ask.answer.end();
  }

  #fail(why: Classification): void {
    const { once, request } = this.#ask;
    const isBodyGone = request.body !== null && !Buffer.isBuffer(request.body) && request.body.isSpent;
    const isSpent = isBodyGone || (once && this.#sent && !NOTHING_DONE.has(this.#status ?? 0));
    this.#close({ kind: 'failed', status: this.#status, why: isSpent ? { ...why, retry: 'none' } : why });
  }

  #close(outcome: AttemptOutcome): void {
    if (this.#done) return;
    this.#done = true;
    this.#idle.cancel();
    this.#budget.cancel();
    this.#relay?.dispose();
    this.#ask.turn.cancel.signal.removeEventListener('abort', this.#onCancel);
    this.#ask.turn.client.off('drain', this.#onDrain);
    if (this.#isStarted) this.#record(outcome);
    this.#resolve(outcome);
  }

  /** Before the answer ends: ending it closes the turn and its row. */
  #record(outcome: AttemptOutcome): void {
    const { turn } = this.#ask;
    const { record } = turn;
    const blame = outcome.kind === 'failed' ? outcome.why.blame : record.errorClass;
    record.attempts.push({
      accountId: this.#ask.accountId,
      status: this.#status,
      ms: Math.round(performance.now() - this.#startedAt),
      code: outcome.kind === 'failed' ? outcome.why.code : record.errorCode,
      blame,
    });
    const ok = outcome.kind === 'answered' && blame === null && !turn.cancel.signal.aborted;
    turn.noteOutcome({ firstEventMs: this.#firstEventMs, blame, ok });
  }

  #classify(facts: Partial<UpstreamFailure>): Classification {
    const why = classify(
      {
        status: this.#status,
        headers: this.#headers,
        bodyText: '',
        tokenWasReplaced: this.#ask.tokenWasReplaced,
        ...facts,
      },
      this.#services.now(),
    );
    const { accountId, turn } = this.#ask;
    return tellLimits(this.#services.limits, accountId, why, { headers: this.#headers, model: turn.record.model });
  }

  #keepErrorBody(chunk: Buffer): void {
    const room = ERROR_BODY_LIMIT_BYTES - this.#errorBodyBytes;
    if (room <= 0) return;
    const kept = chunk.subarray(0, room);
    this.#errorBody.push(kept);
    this.#errorBodyBytes += kept.length;
  }

  #onSilence(): void {
    if (this.#done) {
      this.#call?.abort();
      return;
    }
    if (this.#relay?.stalled === true) {
      // Not the upstream is silent: the client has read nothing for the whole time.
      this.#ask.turn.client.destroy();
      return;
    }
    this.#giveUp(this.#status === null ? 'upstream_request_timeout' : 'stream_idle_timeout');
  }

  #giveUp(code: 'upstream_request_timeout' | 'stream_idle_timeout'): void {
    this.#call?.abort();
    this.#breakOff(new TightropeError(code));
  }

  readonly #onDrain = (): void => {
    if (this.#relay?.stalled !== true) return;
    this.#relay.stalled = false;
    this.#idle.rearm(this.#services.idleMs);
    this.#call?.resume();
  };

  readonly #onCancel = (): void => {
    const { turn, answer } = this.#ask;
    this.#call?.abort();
    this.#close({ kind: turn.clientLeft ? 'left' : 'answered' });
    if (turn.interruption === null || turn.clientLeft) return;
    turn.noteError(turn.interruption, 'local');
    answer.fail(turn.interruption);
  };
}

function isJson(headers: readonly string[]): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === 'content-type') return headers[i + 1]?.includes('json') ?? false;
  }
  return false;
}
