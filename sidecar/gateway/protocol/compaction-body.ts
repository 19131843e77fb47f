/** A request to compact a conversation in its two upstream forms (codex-wire 2.7): a call of its own, or a turn with a trigger. */
import { TightropeError } from '../../platform/errors';
import { itemsHolding, needle } from './item-search';
import { RequestDraft } from './request-draft';

const TRIGGER = needle('"compaction_trigger"', '_trigger"');
const TRIGGER_ITEM = '{"type":"compaction_trigger"}';

/** All that the call of its own takes (spec/proxy.md 2.3; `tools` are dropped, codex-wire 2.7). */
const CALL_FIELDS: ReadonlySet<string> = new Set(['model', 'input', 'instructions', 'reasoning', 'text']);
/** Nothing may be called while a conversation is compacted (codex-wire 2.7). */
const NO_TURN_FIELDS = ['tools', 'tool_choice', 'client_metadata'] as const;

/** Whether a turn asks for compaction. Throws `invalid_request_error` for a trigger that is doubled or not the last item. */
export function readTrigger(draft: RequestDraft): boolean {
  const triggers = itemsHolding(draft, TRIGGER).filter(({ item }) => item.string('type') === 'compaction_trigger');
  const [first] = triggers;
  if (first === undefined) return false;
  if (triggers.length === 1 && first.index === draft.items('input').length - 1) return true;
  throw new TightropeError('invalid_request_error', {
    message: 'A `compaction_trigger` must be the last input item, and the only one of its kind.',
    param: 'input',
  });
}

/** The body of `POST …/responses/compact`, out of a prepared one. */
export function compactCallBody(prepared: Buffer): Buffer {
  const draft = new RequestDraft(prepared);
  for (const key of draft.top.keys()) if (!CALL_FIELDS.has(key)) draft.remove(key);
  draft.set('parallel_tool_calls', 'false');
  return draft.finish();
}

/** The body of a turn that compacts, out of a prepared one: the trigger is put behind its last item unless it is there. */
export function compactTurnBody(prepared: Buffer): Buffer {
  const draft = new RequestDraft(prepared);
  for (const key of NO_TURN_FIELDS) if (draft.top.has(key)) draft.remove(key);
  draft.set('parallel_tool_calls', 'false');
  if (!readTrigger(draft)) appendTrigger(draft);
  return draft.finish();
}

function appendTrigger(draft: RequestDraft): void {
  const last = draft.items('input').at(-1);
  const input = draft.top.span('input');
  if (input === undefined) return;
  const start = last?.valueEnd ?? input.valueStart + 1;
  draft.splice([{ start, end: start, bytes: Buffer.from(last === undefined ? TRIGGER_ITEM : `,${TRIGGER_ITEM}`) }]);
}
