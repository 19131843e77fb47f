/**
 * Relays the events of one attempt: whole events only, bytes as they came. `response.created` and its like wait for the
 * first output, at most the hold time, so that a failure right behind them can still move the turn to another account.
 */
import type { CoarseTimer, CoarseTimers } from '../../platform/coarse-timers';
import { eventData } from '../relay/event-lines';
import { EventScanner, type EventVisitor } from '../relay/event-scanner';
import { eventOfFrame, framesOfEvents } from '../relay/frame-conversion';
import { FrameReader } from '../relay/frame-reader';
import type { EventKind } from '../relay/event-type';
import { readTerminal, readTerminalData, type Terminal } from '../relay/usage';
import type { Classification } from '../upstream/classify';
import type { Answer } from './answer';
import { readCreatedId } from './created-id';
import type { LearnedValues } from './learned-values';
import type { HeaderList } from './respond';
import type { Turn } from './turn';

/** `complete`: the terminal event is out. `rejected`: it failed before anything was visible and another try may help. */
export type RelayState = 'open' | 'complete' | 'rejected';

/** Takes an upstream's answer in pieces and shows it to the client. */
export interface AnswerRelay {
  readonly state: RelayState;
  /** Why it is `rejected`. */
  readonly rejection: Classification | null;
  /** The client does not keep up: the upstream has to wait for `drain`. */
  stalled: boolean;
  /** @throws TightropeError `upstream_response_too_large` */
  feed(chunk: Buffer): RelayState;
  /** The upstream has ended. */
  finish(): RelayState;
  dispose(): void;
}

export interface EventRelayOptions {
  readonly turn: Turn;
  readonly answer: Answer;
  /** `frames` = each chunk is one event without framing. */
  readonly form: 'stream' | 'frames';
  readonly headers: HeaderList;
  readonly timers: CoarseTimers;
  readonly holdMs: number;
  /** What a failed terminal event means. */
  readonly judge: (terminal: Terminal) => Classification;
  /** The data of a `codex.rate_limits` event. */
  readonly onRateLimits: (data: Buffer) => void;
  /** Takes note of what the answer hands out. */
  readonly learned: LearnedValues;
  /** A failure that the client sees still says something about the account. */
  readonly onSeenFailure: (why: Classification) => void;
}

const EVENT_END = Buffer.from('\n\n');
/** Clients heal from it in one shape only, of the three in which the upstream says it (codex-observed "How it reacts"). */
const LOST_ANCHOR = 'previous_response_not_found';

export class EventRelay implements AnswerRelay, EventVisitor {
  state: RelayState = 'open';
  rejection: Classification | null = null;
  stalled = false;
  readonly #options: EventRelayOptions;
  readonly #scanner: EventScanner | FrameReader;
  #held: Buffer[] = [];
  #hold: CoarseTimer | null = null;
  #shown = false;

  constructor(options: EventRelayOptions) {
    this.#options = options;
    this.#scanner = options.form === 'frames' ? new FrameReader() : new EventScanner();
  }

  feed(chunk: Buffer): RelayState {
    this.#scanner.feed(chunk, this);
    return this.state;
  }

  /** The upstream has ended. Some leave out the last blank line; half an event is never shown. */
  finish(): RelayState {
    const leftover = this.#scanner.finish();
    if (leftover !== null && isTerminal(leftover.kind)) {
      const bytes = Buffer.concat([leftover.bytes, EVENT_END]);
      this.event(leftover.kind, bytes, 0, bytes.length);
      this.forward(bytes);
    }
    return this.state;
  }

  dispose(): void {
    this.#hold?.cancel();
  }

  event(kind: EventKind, buffer: Buffer, start: number, end: number): void {
    const { turn, learned } = this.#options;
    switch (kind) {
      case 'created':
        turn.record.responseId = readCreatedId(buffer, start, end);
        learned.responseId(turn.record.responseId);
        break;
      case 'item_done':
        learned.items(buffer, start, end);
        break;
      case 'metadata':
      case 'codex_other':
        learned.metadata(buffer, start, end);
        break;
      case 'rate_limits':
        this.#options.onRateLimits(eventData(buffer, start, end));
        break;
      default:
        if (isTerminal(kind) && this.state === 'open') this.#end(buffer, start, end);
    }
  }

  forward(bytes: Buffer): void {
    if (this.state === 'rejected') return;
    if (!this.#shown && this.#scanner.others === 0 && this.state === 'open') {
      this.#held.push(bytes);
      this.#hold ??= this.#options.timers.arm(this.#options.holdMs, () => this.#show());
      return;
    }
    this.#show();
    if (this.#scanner.others > 0) this.#options.turn.markFirstOutput();
    this.#write(bytes);
  }

  /** The terminal event. */
  #end(buffer: Buffer, start: number, end: number): void {
    const { turn, answer, judge, learned } = this.#options;
    const isFrame = this.#options.form === 'frames';
    const terminal = isFrame ? readTerminalData(buffer) : readTerminal(buffer, start, end);
    turn.noteTerminal(terminal);
    this.state = 'complete';
    if (terminal.kind === 'completed' || terminal.kind === 'incomplete') {
      learned.completed(terminal, buffer, start, end);
      return;
    }
    const why = judge(terminal);
    if (!answer.visible && (why.retry !== 'none' || (answer.form === 'frames' && why.code === LOST_ANCHOR))) {
      this.state = 'rejected';
      this.rejection = why;
      return;
    }
    turn.noteFailure(why.code, why.message, why.blame);
    this.#options.onSeenFailure(why);
  }

  #show(): void {
    if (this.#shown) return;
    this.#shown = true;
    this.#hold?.cancel();
    this.#options.answer.adopt(this.#options.headers);
    const held = this.#held;
    this.#held = [];
    if (held.length === 0) return;
    if (this.#options.form === 'frames') for (const frame of held) this.#write(frame);
    else this.#write(Buffer.concat(held));
  }

  #write(bytes: Buffer): void {
    const { answer, form } = this.#options;
    if (form === 'stream' && answer.form === 'frames') {
      for (const frame of framesOfEvents(bytes)) this.#hand(frame);
    } else this.#hand(form === 'frames' && answer.form !== 'frames' ? eventOfFrame(bytes) : bytes);
  }

  #hand(bytes: Buffer): void {
    if (!this.#options.answer.write(bytes)) this.stalled = true;
  }
}

function isTerminal(kind: EventKind): boolean {
  return kind === 'completed' || kind === 'incomplete' || kind === 'failed' || kind === 'error';
}
