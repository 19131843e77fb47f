/** What a client's WebSocket frame asks for, and its body in the one form the rules know (spec/proxy.md 5.2, codex-wire 2.5). */
import { applyEdits, objectPatches, applyPatches, type Edit } from './edits';
import { RequestDraft } from './request-draft';

/** `other` = everything that is no `response.create`: it goes to the live upstream socket as it is. */
export type ClientFrame =
  | { readonly kind: 'create'; readonly body: Buffer; readonly isPrewarm: boolean }
  | { readonly kind: 'other'; readonly type: string };

/** The one type of frame that opens a turn. */
export const CREATE_TYPE = 'response.create';
const CREATE_JSON = `"${CREATE_TYPE}"`;

/**
 * Reads one frame. A flat `response.create` keeps its very bytes; a nested one (`response: {…}`, whose fields win) is made flat,
 * and a bare body gets its type.
 * @throws TightropeError `invalid_json`
 */
export function readClientFrame(frame: Buffer): ClientFrame {
  const draft = new RequestDraft(frame);
  const type = draft.string('type');
  if (type !== undefined && type !== CREATE_TYPE) return { kind: 'other', type };
  const nested = draft.object('response');
  if (nested !== undefined) {
    for (const key of nested.keys()) {
      const span = nested.span(key);
      if (span !== undefined) draft.set(key, frame.toString('utf8', span.valueStart, span.valueEnd));
    }
    draft.remove('response');
  }
  if (draft.string('type') !== CREATE_TYPE) draft.set('type', CREATE_JSON);
  const body = draft.finish();
  return { kind: 'create', body, isPrewarm: draft.kind('generate') === 'false' };
}

/** The same request as the body of an HTTP POST, where `generate` is refused and `stream` must be true (codex-wire 2.5). */
export function httpBodyOf(frame: Buffer): Buffer {
  const edits: Edit[] = [
    { op: 'remove', key: 'type' },
    { op: 'remove', key: 'generate' },
    { op: 'set', key: 'stream', json: 'true' },
  ];
  return applyEdits(frame, edits);
}

/** An HTTP body as a frame (spec/proxy.md 2.7). */
export function frameOf(body: Buffer): Buffer {
  const { top } = new RequestDraft(body);
  return applyPatches(body, objectPatches(top, [{ op: 'set', key: 'type', json: CREATE_JSON }]));
}
