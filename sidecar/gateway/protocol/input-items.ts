/** Rules about single input items that hold on every route: what upstream refuses in them (codex-wire 2.3). */
import { TightropeError } from '../../platform/errors';
import { objectPatches } from './edits';
import type { RequestDraft } from './request-draft';
import { decodeString, kindAt, scanArrayItems, scanObjectAt } from './top-level';
import type { Span, TopLevel } from './top-level';
import { itemsHolding, needle } from './item-search';

const NAMESPACE = needle('"namespace"', 'pace"');
const INPUT_IMAGE = needle('"input_image"', '_image"');

/** Replayed calls on which upstream rejects `namespace`; it stays on everything else, tools above all. */
const CALL_TYPES: ReadonlySet<string> = new Set(['function_call', 'custom_tool_call', 'apply_patch_call']);

/** An image reference longer than this is a data URL and not decoded. */
const LONGEST_REFERENCE_BYTES = 4096;
const IMAGE_SCHEME = /^(?:data:|https?:)/i;

/** Cuts `namespace` out of replayed calls; true when something was cut. */
export function stripNamespaces(draft: RequestDraft): boolean {
  const patches = itemsHolding(draft, NAMESPACE).flatMap(({ item }) => {
    const isReplayedCall = CALL_TYPES.has(item.string('type') ?? '');
    return isReplayedCall && item.has('namespace') ? objectPatches(item, [{ op: 'remove', key: 'namespace' }]) : [];
  });
  draft.splice(patches);
  return patches.length > 0;
}

/** Throws `unsupported_input_image_format` for an image that is a file of some account instead of a `data:` or http(s) URL. */
export function refuseFileImages(draft: RequestDraft): void {
  for (const { item } of itemsHolding(draft, INPUT_IMAGE)) {
    refuseFileImage(draft.body, item);
    for (const list of ['content', 'output']) {
      const span = item.span(list);
      if (span === undefined || item.kind(list) !== 'array') continue;
      for (const part of scanArrayItems(draft.body, span)) {
        if (kindAt(draft.body, part.valueStart) === 'object') {
          refuseFileImage(draft.body, scanObjectAt(draft.body, part.valueStart, part.valueEnd));
        }
      }
    }
  }
}

function refuseFileImage(body: Buffer, part: TopLevel): void {
  if (part.string('type') !== 'input_image') return;
  const fileId = part.kind('file_id');
  const url = part.span('image_url');
  if ((fileId !== undefined && fileId !== 'null') || (url !== undefined && !isSendableUrl(body, url))) {
    throw new TightropeError('unsupported_input_image_format', { param: 'input' });
  }
}

/** Kinds other than string are upstream's to judge. */
function isSendableUrl(body: Buffer, url: Span): boolean {
  if (kindAt(body, url.valueStart) !== 'string' || url.valueEnd - url.valueStart > LONGEST_REFERENCE_BYTES) return true;
  return IMAGE_SCHEME.test(decodeString(body, url.valueStart, url.valueEnd).trimStart());
}
