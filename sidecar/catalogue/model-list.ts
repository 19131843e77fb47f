/** Pure work on lists of models: checking entries, uniting accounts' lists, naming the result. */
import { createHash } from 'node:crypto';
import { modelSlug, type ModelEntry } from '../contract/model-projection';
import { CodexModel } from '../contract/models';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';

/** A list of models and a strong validator of exactly this list. */
export interface ModelList {
  readonly models: readonly ModelEntry[];
  /** With its quotes, as in the `ETag` and `x-models-etag` headers: the client compares the texts. */
  readonly etag: string;
}

export interface CheckedEntries {
  readonly models: readonly ModelEntry[];
  /** What was dropped and why; holds names and rules, no values. */
  readonly dropped: readonly { readonly slug: string; readonly reason: string }[];
}

const checkModel = compile(CodexModel, 'model');

/** Keeps the entries that a Codex client can read. One bad entry would cost it the whole list (codex-wire 2.8). */
export function checkEntries(entries: readonly unknown[]): CheckedEntries {
  const models: ModelEntry[] = [];
  const dropped: { slug: string; reason: string }[] = [];
  for (const entry of entries) {
    try {
      const model: ModelEntry = { ...checkModel(entry) };
      if (!hasInstructions(model)) throw new TightropeError('invalid_field', { message: 'There are no instructions.' });
      models.push(model);
    } catch (error) {
      if (!(error instanceof TightropeError)) throw error;
      dropped.push({ slug: slugOf(entry), reason: error.message });
    }
  }
  return { models, dropped };
}

/** Unites lists: the first entry of a slug wins (case and surrounding blanks apart), order is that of first sight. */
export function uniteModels(lists: Iterable<readonly ModelEntry[]>): ModelList {
  const bySlug = new Map<string, ModelEntry>();
  for (const list of lists) {
    for (const entry of list) {
      const key = modelSlug(entry).trim().toLowerCase();
      if (!bySlug.has(key)) bySlug.set(key, entry);
    }
  }
  const models = [...bySlug.values()];
  return { models, etag: `"${createHash('sha256').update(JSON.stringify(models)).digest('base64url')}"` };
}

/** Clients until about 0.150 read `base_instructions`, newer ones a template; one of the two must be there. */
function hasInstructions(model: ModelEntry): boolean {
  if (typeof model['base_instructions'] === 'string') return true;
  const messages = model['model_messages'];
  return (
    typeof messages === 'object' &&
    messages !== null &&
    'instructions_template' in messages &&
    typeof messages.instructions_template === 'string'
  );
}

function slugOf(entry: unknown): string {
  const slug = typeof entry === 'object' && entry !== null && 'slug' in entry ? entry.slug : undefined;
  return typeof slug === 'string' ? slug.slice(0, 100) : '';
}
