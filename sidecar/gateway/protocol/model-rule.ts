/** The rule that puts a model's own name in place of an alias, and the effort of its suffix where the request names none. */
import type { ServedModel } from './model-names';
import type { RequestDraft } from './request-draft';

/** True when the name is another one upstream. */
export function nameModel(draft: RequestDraft, serve: (name: string) => ServedModel): boolean {
  const name = draft.string('model') ?? '';
  const { model, effort } = serve(name);
  if (model === name && effort === undefined) return false;
  draft.set('model', JSON.stringify(model));
  if (effort !== undefined) setEffort(draft, effort);
  return true;
}

function setEffort(draft: RequestDraft, effort: string): void {
  const text = draft.kind('reasoning') === 'object' ? draft.text('reasoning') : undefined;
  const reasoning = text === undefined ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  if (reasoning['effort'] === undefined) draft.set('reasoning', JSON.stringify({ ...reasoning, effort }));
}
