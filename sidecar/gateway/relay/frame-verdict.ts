/** What a frame means for the upstream socket it came on: whether it ends the running turn, and whether the socket is done for. */
import type { FrameVerdict } from '../upstream/upstream-socket';
import { EventType } from './event-type';
import { readTerminalData } from './usage';

/** Told on each socket by 60 minutes at the latest, and when an account has too many (codex-wire 2.5). */
const CONNECTION_LIMIT = 'websocket_connection_limit_reached';

/** One reader for all sockets: it looks at one frame at a time and keeps nothing. */
export function frameVerdicts(): (frame: Buffer) => FrameVerdict {
  const type = new EventType();
  return (frame) => {
    switch (type.readData(frame)) {
      case 'completed':
      case 'incomplete':
        return 'ends_turn';
      case 'failed':
      case 'error':
        return readTerminalData(frame).error?.code === CONNECTION_LIMIT ? 'ends_socket' : 'ends_turn';
      default:
        return 'goes_on';
    }
  };
}
