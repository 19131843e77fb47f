/** Reads the frames of an upstream WebSocket: each is one event without framing (codex-wire 2.5). The EventScanner of sockets. */
import type { EventVisitor, Leftover } from './event-scanner';
import { EventType } from './event-type';

export class FrameReader {
  /** Events of kind `other` seen so far: above 0 = the model has spoken. */
  others = 0;
  readonly #type = new EventType();

  feed(frame: Buffer, visitor: EventVisitor): void {
    const kind = this.#type.readData(frame);
    if (kind === 'other') this.others++;
    else visitor.event(kind, frame, 0, frame.length);
    visitor.forward(frame);
  }

  /** A frame is whole or was not sent. */
  finish(): Leftover | null {
    return null;
  }
}
