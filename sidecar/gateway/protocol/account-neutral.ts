/**
 * Makes a request that was written for one account fit another: what only the first one can read is left out, everything that
 * the model needs stays. Possible only when the client sent its whole history (field 3.1 "honest thread migration").
 */
import { objectPatches, removals, type Patch } from './edits';
import { ciphertextMark } from './fingerprint';
import { itemsHolding, needle, type FoundItem } from './item-search';
import { RequestDraft } from './request-draft';
import { ENCRYPTED_CONTENT, TURN_STATE } from './request-ties';
import { eachStringMember } from './string-members';
import { kindAt, scanObjectAt } from './top-level';

/** What does not belong to the account that a request is about to be sent to. */
export interface ForeignParts {
  readonly isForeign: (ciphertextMark: string) => boolean;
  readonly anchor: boolean;
  readonly turnState: boolean;
  readonly file: boolean;
}

/** Why a request cannot be made to fit another account. */
export type Obstacle =
  /** It continues a response that only its account knows. */
  | 'anchored'
  /** It names a file that was uploaded to its account. */
  | 'file'
  /** Its history is inside a ciphertext, as after a compaction. */
  | 'sealed_history'
  /** It answers calls or names items that it does not contain. */
  | 'incomplete';

/** The one item whose ciphertext may go: what the model thought, beside what it said and did. */
const REASONING = 'reasoning';
const ITEM_REFERENCE = needle('"item_reference"', '_reference"');
const CALL_OUTPUT = needle('_output"', '_output"');

/**
 * Items whose `id` points at the reasoning before them: with that gone upstream refuses the pair ("… without its required
 * 'reasoning' item"), without an id they stand for themselves.
 */
const PAIRED_TYPES: ReadonlySet<string> = new Set([
  'message',
  'function_call',
  'custom_tool_call',
  'apply_patch_call',
  'local_shell_call',
  'tool_search_call',
  'web_search_call',
]);

/** What stands in the way of leaving the foreign parts out; `null` = nothing. */
export function obstacleTo(body: Buffer, foreign: ForeignParts): Exclude<Obstacle, 'incomplete'> | null {
  if (foreign.anchor) return 'anchored';
  if (foreign.file) return 'file';
  const draft = new RequestDraft(body);
  const isSealed = itemsHolding(draft, ENCRYPTED_CONTENT).some(
    (found) => found.item.string('type') !== REASONING && holdsForeign(draft, found, foreign),
  );
  return isSealed ? 'sealed_history' : null;
}

/** Whether the request says everything itself: no anchor, no item that it only names, and to every tool output its call. */
export function isSelfContained(body: Buffer): boolean {
  const draft = new RequestDraft(body);
  if (has(draft, 'previous_response_id') || has(draft, 'conversation')) return false;
  if (itemsHolding(draft, ITEM_REFERENCE).some(({ item }) => item.string('type') === 'item_reference')) return false;
  const outputs = itemsHolding(draft, CALL_OUTPUT).filter(
    ({ item }) => item.string('type')?.endsWith('_output') === true && item.kind('call_id') === 'string',
  );
  if (outputs.length === 0) return true;
  const calls = callIds(draft);
  return outputs.every(({ item }) => calls.has(item.string('call_id') ?? ''));
}

/** The body without what is foreign; the same Buffer when nothing is. Ask `obstacleTo` first. */
export function withoutForeignParts(body: Buffer, foreign: ForeignParts): Buffer {
  const draft = new RequestDraft(body);
  const dropped = new Set(
    itemsHolding(draft, ENCRYPTED_CONTENT)
      .filter((found) => holdsForeign(draft, found, foreign) && found.item.string('type') === REASONING)
      .map(({ index }) => index),
  );
  const patches = dropped.size > 0 ? patchesWithout(draft, dropped) : [];
  const metadata = foreign.turnState ? draft.object('client_metadata') : undefined;
  if (metadata?.has(TURN_STATE) === true) patches.push(...objectPatches(metadata, [{ op: 'remove', key: TURN_STATE }]));
  draft.splice(patches);
  return draft.finish();
}

function has(draft: RequestDraft, key: string): boolean {
  const kind = draft.kind(key);
  return kind !== undefined && kind !== 'null';
}

function holdsForeign({ body }: RequestDraft, { item }: FoundItem, { isForeign }: ForeignParts): boolean {
  let isHeld = false;
  eachStringMember(body, item.start, item.end, ENCRYPTED_CONTENT, (value) => {
    isHeld ||= isForeign(ciphertextMark(value));
  });
  return isHeld;
}

/** Removes the items and the ids that pointed at them. */
function patchesWithout(draft: RequestDraft, dropped: ReadonlySet<number>): Patch[] {
  const items = draft.items('input');
  const kept = items.filter((_, index) => !dropped.has(index));
  const ids = kept.flatMap(({ valueStart, valueEnd }) => {
    if (kindAt(draft.body, valueStart) !== 'object') return [];
    const item = scanObjectAt(draft.body, valueStart, valueEnd);
    return PAIRED_TYPES.has(item.string('type') ?? '') ? objectPatches(item, [{ op: 'remove', key: 'id' }]) : [];
  });
  return [...removals(items, kept), ...ids];
}

function callIds(draft: RequestDraft): Set<string> {
  const ids = new Set<string>();
  for (const { valueStart, valueEnd } of draft.items('input')) {
    if (kindAt(draft.body, valueStart) !== 'object') continue;
    const item = scanObjectAt(draft.body, valueStart, valueEnd);
    if (item.string('type')?.endsWith('_call') !== true) continue;
    const id = item.string('call_id') ?? item.string('id');
    if (id !== undefined) ids.add(id);
  }
  return ids;
}
