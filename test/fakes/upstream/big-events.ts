/** Events of a size that breaks careless buffers (codex-wire 2.11.8). */
import { frameEvent } from './event-framing';
import { textDelta, type FakeEvent } from './events';

export const MIB = 1024 * 1024;

/** A text delta whose framed size is exactly `frameBytes`. */
export function eventOfSize(frameBytes: number): FakeEvent {
  const empty = frameEvent(textDelta('msg_big', 0, '')).length;
  if (frameBytes < empty) throw new Error(`an event needs at least ${empty} bytes`);
  return textDelta('msg_big', 0, 'a'.repeat(frameBytes - empty));
}
