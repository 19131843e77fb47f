/** A turn that came as one `response.create` frame and is answered by frames on the same WebSocket. */
import type { IncomingMessage } from 'node:http';
import { Turn, type ClientEnd, type TurnOpening } from './turn';

/** The client's WebSocket as a turn sees it. */
export interface FrameClient extends ClientEnd {
  /** Distinguishes the sockets of this process. */
  readonly id: string;
  /** `false` = the client is slow; wait for `drain`. */
  send(frame: Buffer | string): boolean;
  /** A ping where the client's protocol knows no keepalive of its own. */
  ping(): void;
  /** The conversation whose upstream sockets stay while this client does. */
  talksIn(conversation: string): void;
}

export class FrameTurn extends Turn {
  readonly socket: FrameClient;

  constructor(request: IncomingMessage, socket: FrameClient, opening: TurnOpening) {
    super(request, socket, { ...opening, transport: 'websocket' });
    this.socket = socket;
  }
}
