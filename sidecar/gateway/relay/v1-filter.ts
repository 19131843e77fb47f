/**
 * Makes an upstream stream strict for `/v1/responses`: SDK accumulators throw on an event they do not expect before
 * `response.created`, and pick events by their `event:` line. The Codex route is byte-faithful and has no filter.
 */
import { applyPatches } from '../protocol/edits';
import { CR, eventBoundary, eventData, skipBlankLines, skipByteOrderMark } from './event-lines';
import { EventType, typeSpan } from './event-type';

/** Old name still seen upstream (codex-wire 2.4). */
const LEGACY_DELTA = 'response.text.delta';
const DELTA = 'response.output_text.delta';

/**
 * Whole events in, whole events out: vendor events (`codex.*`, `responsesapi.*`, `keepalive`, `response.metadata`) are dropped,
 * the legacy delta is renamed in line and data, a missing `event:` line is added. The same Buffer when nothing needs a change,
 * an empty one when nothing is left.
 */
export function filterV1Events(bytes: Buffer): Buffer {
  const type = new EventType();
  const hasCr = bytes.includes(CR);
  const pieces: Buffer[] = [];
  let copied = 0;
  let next = 0;
  while (next < bytes.length) {
    const start = skipBlankLines(bytes, skipByteOrderMark(bytes, next));
    const boundary = eventBoundary(bytes, start, 0, hasCr);
    next = boundary < 0 ? bytes.length : boundary;
    const replacement = replacementOf(type, bytes, start, next);
    if (replacement === null) continue;
    pieces.push(bytes.subarray(copied, start), replacement);
    copied = next;
  }
  return copied === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(copied)]);
}

const NOTHING = Buffer.alloc(0);

/** What stands for one event; `null` = itself. */
function replacementOf(type: EventType, bytes: Buffer, start: number, end: number): Buffer | null {
  switch (type.read(bytes, start, end)) {
    case 'rate_limits':
    case 'codex_other':
    case 'metadata':
      return NOTHING;
    case 'done':
    case 'comment':
      return null;
    case 'other':
      if (type.end - type.start === LEGACY_DELTA.length && type.name() === LEGACY_DELTA) {
        return renamedDelta(eventData(bytes, start, end));
      }
      break;
    default:
      break;
  }
  if (type.hasEventLine || type.end === type.start) return null;
  return Buffer.concat([Buffer.from(`event: ${type.name()}\n`), bytes.subarray(start, end)]);
}

function renamedDelta(data: Buffer): Buffer {
  const span = typeSpan(data);
  const patch = span && { start: span.valueStart, end: span.valueEnd, bytes: Buffer.from(`"${DELTA}"`) };
  const lines = applyPatches(data, patch === null ? [] : [patch])
    .toString('utf8')
    .split('\n');
  return Buffer.from(`event: ${DELTA}\ndata: ${lines.join('\ndata: ')}\n\n`);
}
