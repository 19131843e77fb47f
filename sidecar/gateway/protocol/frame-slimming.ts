/**
 * Makes a frame fit the upstream's limit by leaving out what weighs most in the history before the last user turn: inline images
 * and large tool outputs, each replaced by a notice (codex-wire 2.5 "Size rules").
 */
import { objectPatches, type Patch } from './edits';
import { RequestDraft } from './request-draft';
import { kindAt, scanArrayItems, scanObjectAt, type Span } from './top-level';

/** Below the upstream's 16 MiB, with room for its own envelope (codex-wire 2.5: proxy budget 15 MiB). */
export const MAX_FRAME_BYTES = 15 * 1024 * 1024;
/** Tool outputs above this go (codex-wire 2.5). */
const LARGE_OUTPUT_BYTES = 32 * 1024;
const INLINE_IMAGE = 'data:image/';

/** The frame without the weight of its history; the same Buffer when there is none to leave out. */
export function slimFrame(body: Buffer): Buffer {
  const draft = new RequestDraft(body);
  const items = draft.items('input');
  const lastUser = items.findLastIndex((item) => isUserMessage(draft.body, item));
  const patches = items.slice(0, Math.max(0, lastUser)).flatMap((item) => slimItem(draft.body, item));
  draft.splice(patches);
  return draft.finish();
}

function isUserMessage(body: Buffer, { valueStart, valueEnd }: Span): boolean {
  if (kindAt(body, valueStart) !== 'object') return false;
  const item = scanObjectAt(body, valueStart, valueEnd);
  const type = item.string('type');
  return item.string('role') === 'user' && (type === undefined || type === 'message');
}

function slimItem(body: Buffer, { valueStart, valueEnd }: Span): Patch[] {
  if (kindAt(body, valueStart) !== 'object') return [];
  const holdsImage = body.subarray(valueStart, valueEnd).includes(INLINE_IMAGE);
  if (!holdsImage && valueEnd - valueStart <= LARGE_OUTPUT_BYTES) return [];
  const item = scanObjectAt(body, valueStart, valueEnd);
  if (item.string('type')?.endsWith('_output') === true) {
    const output = item.span('output');
    if (output === undefined) return [];
    const notice = `[${String(output.valueEnd - output.valueStart)} bytes of tool output left out: the request was too large]`;
    return objectPatches(item, [{ op: 'set', key: 'output', json: JSON.stringify(notice) }]);
  }
  const content = item.span('content');
  if (!holdsImage || content === undefined || item.kind('content') !== 'array') return [];
  return scanArrayItems(body, content).flatMap((part) => slimPart(body, part));
}

const IMAGE_NOTICE = Buffer.from(
  JSON.stringify({ type: 'input_text', text: '[image left out: the request was too large]' }),
);

function slimPart(body: Buffer, { valueStart, valueEnd }: Span): Patch[] {
  if (kindAt(body, valueStart) !== 'object') return [];
  const part = scanObjectAt(body, valueStart, valueEnd);
  if (part.string('type') !== 'input_image') return [];
  if (!body.subarray(valueStart, valueEnd).includes(INLINE_IMAGE)) return [];
  return [{ start: valueStart, end: valueEnd, bytes: IMAGE_NOTICE }];
}
