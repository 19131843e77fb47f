/** Events as frames and frames as events, for clients and upstreams that speak different transports. */
import { CR, eventBoundary, eventData, skipBlankLines, skipByteOrderMark } from './event-lines';
import { EventType } from './event-type';

/** One frame as a server-sent event with its name. */
export function eventOfFrame(frame: Buffer): Buffer {
  const type = new EventType();
  type.readData(frame);
  const name = type.end > type.start ? `event: ${type.name()}\n` : '';
  const lines = frame.includes('\n') || frame.includes('\r') ? frame.toString('utf8').split(/\r\n|\n|\r/) : null;
  if (lines !== null) return Buffer.from(`${name}data: ${lines.join('\ndata: ')}\n\n`);
  return Buffer.concat([Buffer.from(`${name}data: `), frame, EVENT_END]);
}

const EVENT_END = Buffer.from('\n\n');
const DONE = '[DONE]';

/** The data of whole events; comments and the `[DONE]` of the public API have no frame. */
export function framesOfEvents(events: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  const hasCr = events.includes(CR);
  for (let next = 0; next < events.length;) {
    const start = skipBlankLines(events, skipByteOrderMark(events, next));
    const boundary = eventBoundary(events, start, 0, hasCr);
    next = boundary < 0 ? events.length : boundary;
    const data = eventData(events, start, next);
    if (data.length > 0 && data.toString('latin1', 0, DONE.length) !== DONE) frames.push(data);
  }
  return frames;
}
