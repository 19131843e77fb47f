/**
 * The shapes in which one catalogue is answered (spec/proxy.md 1.7.1; codex-wire 2.1, 2.8). Both planes need them: the
 * gateway for `/v1/models` and `/backend-api/codex/models`, the control plane for `/api/models`.
 */
import type { OpenAiModel, OpenAiModelList } from './models';

/** One catalogue entry as upstream sent it; `slug` is a non-empty string. */
export type ModelEntry = Readonly<Record<string, unknown>>;

/**
 * Metadata of `/v1/models` and what stands in for a field that upstream left out (the original's placeholders). The wire
 * name is also the field's name in the catalogue entry.
 */
const METADATA_DEFAULTS: Readonly<Record<string, unknown>> = {
  display_name: '',
  description: '',
  context_window: 0,
  input_modalities: [],
  supported_reasoning_levels: [],
  default_reasoning_level: '',
  supports_reasoning_summaries: false,
  support_verbosity: false,
  default_verbosity: '',
  prefer_websockets: false,
  supports_parallel_tool_calls: false,
  supported_in_api: true,
  minimal_client_version: '',
  priority: 0,
};

/** The slug of an entry; entries without one never get into a catalogue. */
export function modelSlug(entry: ModelEntry): string {
  return typeof entry['slug'] === 'string' ? entry['slug'] : '';
}

/** Whether `/v1/models` must answer in the Codex shape: only Codex clients name their version (codex-wire 2.1). */
export function wantsCodexShape(clientVersion: string | null | undefined): boolean {
  return clientVersion !== undefined && clientVersion !== null && clientVersion !== '';
}

/** `{"models":[…]}`: whole upstream objects with `id` and `name` added, which older scripts read. */
export function codexModelList(models: readonly ModelEntry[]): { models: ModelEntry[] } {
  return { models: models.map((entry) => ({ ...entry, id: modelSlug(entry), name: modelSlug(entry) })) };
}

/** The OpenAI list. `created` is 0: upstream does not tell. */
export function openAiModelList(models: readonly ModelEntry[]): OpenAiModelList {
  return {
    object: 'list',
    data: models.map(openAiModel),
  };
}

/** One entry of that list. */
export function openAiModel(entry: ModelEntry): OpenAiModel {
  return { id: modelSlug(entry), object: 'model', created: 0, owned_by: 'tightrope', metadata: metadata(entry) };
}

/** One model as Anthropic's API lists it; when it was made upstream does not tell. */
export function anthropicModel(entry: ModelEntry): Readonly<Record<string, unknown>> {
  const id = modelSlug(entry);
  const name = typeof entry['display_name'] === 'string' ? entry['display_name'] : id;
  return { type: 'model', id, display_name: name, created_at: '1970-01-01T00:00:00Z' };
}

/** Anthropic's list, whole: it has no further pages. */
export function anthropicModelList(models: readonly ModelEntry[]): Readonly<Record<string, unknown>> {
  const data = models.map(anthropicModel);
  return { data, has_more: false, first_id: data.at(0)?.['id'] ?? null, last_id: data.at(-1)?.['id'] ?? null };
}

function metadata(entry: ModelEntry): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...METADATA_DEFAULTS, display_name: modelSlug(entry) };
  for (const name of Object.keys(METADATA_DEFAULTS)) filled[name] = entry[name] ?? filled[name];
  return filled;
}
