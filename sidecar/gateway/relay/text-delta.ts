/** The commonest event by far, a piece of text, read without a parse: nine of ten events of an answer are of this kind. */

export const TEXT_DELTA = 'response.output_text.delta';

export interface TextDelta {
  readonly outputIndex: number;
  readonly contentIndex: number;
  readonly piece: string;
}

const DELTA = '"delta":"';
const OUTPUT_INDEX = '"output_index":';
const CONTENT_INDEX = '"content_index":';

/**
 * Reads the event `events[start, end)`. `null` when it is not in the plain form that upstream sends (an escape in the text,
 * a space behind a colon, a missing place): then it has to be parsed. A quote inside a JSON string is always escaped, so a
 * key that is found is one.
 */
export function readTextDelta(events: Buffer, start: number, end: number): TextDelta | null {
  const event = events.toString('utf8', start, end);
  const at = event.indexOf(DELTA);
  if (at === -1) return null;
  const from = at + DELTA.length;
  const piece = event.slice(from, event.indexOf('"', from));
  if (piece === '' || piece.includes('\\')) return null;
  const outputIndex = numberBehind(event, OUTPUT_INDEX);
  const contentIndex = numberBehind(event, CONTENT_INDEX);
  if (outputIndex === null || contentIndex === null) return null;
  return { outputIndex, contentIndex, piece };
}

/** One or two digits, as places are. */
function numberBehind(event: string, key: string): number | null {
  const at = event.indexOf(key);
  if (at === -1) return null;
  const first = digit(event, at + key.length);
  if (first === null) return null;
  const second = digit(event, at + key.length + 1);
  if (second === null) return first;
  return digit(event, at + key.length + 2) === null ? first * 10 + second : null;
}

function digit(event: string, at: number): number | null {
  const code = event.charCodeAt(at) - 0x30;
  return code >= 0 && code <= 9 ? code : null;
}
