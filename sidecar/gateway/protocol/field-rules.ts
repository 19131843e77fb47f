/** Bodies of the rules that look at top-level fields. Each returns whether it changed something. */
import { dropDuplicateKeys } from './edits';
import type { Patch } from './edits';
import type { RequestDraft } from './request-draft';
import { kindAt, scanObjectAt } from './top-level';
import type { Span } from './top-level';

/** Refused upstream as "Unsupported parameter" (codex-wire 2.3, proxy.md 2.4; `generate` over HTTP: codex-wire 2.5). */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'truncation',
  'temperature',
  'top_p',
  'safety_identifier',
  'prompt_cache_retention',
  'max_output_tokens',
  'metadata',
  'user',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'top_logprobs',
  'logprobs',
  'logit_bias',
  'stop',
  'n',
  'max_tokens',
  'max_completion_tokens',
  'max_tool_calls',
  'background',
  'context_management',
  'modalities',
  'audio',
  'prediction',
  'web_search_options',
  'functions',
  'function_call',
  'generate',
]);

/** Optional fields in which `null` means "left out" to the public API and is an error or noise upstream (proxy.md 2.2, 2.6). */
const NULLABLE = [
  'conversation',
  'include',
  'instructions',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt_cache_key',
  'reasoning',
  'service_tier',
  'stream_options',
  'text',
  'tool_choice',
  'tools',
] as const;

/**
 * Camel-case spellings some SDKs send (proxy.md 2.6): alias, target field, key inside the target when it is an object.
 * Without a field the alias only goes: upstream refuses its target.
 */
const ALIASES: readonly (readonly [alias: string, field: string | null, inner: string | null])[] = [
  ['reasoningEffort', 'reasoning', 'effort'],
  ['reasoningSummary', 'reasoning', 'summary'],
  ['textVerbosity', 'text', 'verbosity'],
  ['verbosity', 'text', 'verbosity'],
  ['promptCacheKey', 'prompt_cache_key', null],
  ['promptCacheRetention', null, null],
];

/** Efforts upstream does not take as they are (codex-wire 2.3); `low` is the nearest to `minimal` that every model has. */
const EFFORTS: ReadonlyMap<string, string> = new Map([
  ['ultra', 'max'],
  ['minimal', 'low'],
]);

/** JSON of HTTP bodies has none (RFC 8259 8.1), and strict parsers stumble over it. */
export function stripByteOrderMark(draft: RequestDraft): boolean {
  if (draft.body[0] !== 0xef) return false;
  draft.replace(draft.body.subarray(draft.top.start));
  return true;
}

/** Parsers differ in which of equal keys they believe; upstream gets the one that was read here. */
export function keepLastOfEqualKeys(draft: RequestDraft): boolean {
  const single = dropDuplicateKeys(draft.body, draft.top);
  if (single === draft.body) return false;
  draft.replace(single);
  return true;
}

/** See `NULLABLE`. */
export function removeNulls(draft: RequestDraft): boolean {
  const nulls = NULLABLE.filter((key) => draft.kind(key) === 'null');
  nulls.forEach((key) => draft.remove(key));
  return nulls.length > 0;
}

/** proxy.md 2.2 rule 18. */
export function trimPreviousResponseId(draft: RequestDraft): boolean {
  const id = draft.string('previous_response_id');
  if (id === undefined || (id !== '' && id === id.trim())) return false;
  if (id.trim() === '') draft.remove('previous_response_id');
  else draft.set('previous_response_id', JSON.stringify(id.trim()));
  return true;
}

/** Upstream answers 400 "Store must be set to false" to everything else, absence included (proxy.md 2.4). */
export function forceStoreFalse(draft: RequestDraft): boolean {
  if (draft.kind('store') === 'false') return false;
  draft.set('store', 'false');
  return true;
}

/** Upstream answers 400 "Stream must be set to true" to everything else (proxy.md 1.7.2). */
export function forceStreamTrue(draft: RequestDraft): boolean {
  if (draft.kind('stream') === 'true') return false;
  draft.set('stream', 'true');
  return true;
}

/** proxy.md 2.2 rule 20. */
export function renameFastTier(draft: RequestDraft): boolean {
  if (draft.string('service_tier')?.trim().toLowerCase() !== 'fast') return false;
  draft.set('service_tier', '"priority"');
  return true;
}

/** See `UNSUPPORTED`. */
export function stripUnsupported(draft: RequestDraft): boolean {
  return strip(draft, (key) => UNSUPPORTED.has(key));
}

/** Only frames may say `generate` (codex-wire 2.5). */
export function stripUnsupportedInFrames(draft: RequestDraft): boolean {
  return strip(draft, (key) => key !== 'generate' && UNSUPPORTED.has(key));
}

function strip(draft: RequestDraft, isUnwanted: (key: string) => boolean): boolean {
  let fired = false;
  for (const { key } of draft.top.members) {
    if (!isUnwanted(key)) continue;
    draft.remove(key);
    fired = true;
  }
  return fired;
}

/** Upstream knows one option, Codex's own `reasoning_summary_delivery` (codex-wire 2.3); SDK options are refused (proxy.md 2.4). */
export function stripStreamOptions(draft: RequestDraft): boolean {
  if (draft.kind('stream_options') === undefined) return false;
  if (draft.object('stream_options')?.has('reasoning_summary_delivery') === true) return false;
  draft.remove('stream_options');
  return true;
}

/** Upstream takes lists only (proxy.md 2.2 rule 2); the text keeps its bytes. */
export function listTextInput(draft: RequestDraft): boolean {
  if (draft.kind('input') !== 'string') return false;
  const text = draft.text('input') ?? '""';
  draft.set('input', `[{"role":"user","content":[{"type":"input_text","text":${text}}]}]`);
  return true;
}

/** Every alias goes, used or not (proxy.md 2.6). */
export function applyAliases(draft: RequestDraft): boolean {
  let fired = false;
  for (const [alias, field, inner] of ALIASES) {
    const value = draft.string(alias);
    if (!draft.top.has(alias)) continue;
    draft.remove(alias);
    fired = true;
    if (value === undefined || field === null) continue;
    if (inner !== null) setInner(draft, field, inner, value);
    else if (draft.kind(field) === undefined) draft.set(field, JSON.stringify(value));
  }
  return fired;
}

/** Explicit values beat aliases; a target that is no object gives way to one (proxy.md 2.6). */
function setInner(draft: RequestDraft, field: string, inner: string, value: string): void {
  const target = readObject(draft, field) ?? {};
  if (target[inner] === undefined) draft.set(field, JSON.stringify({ ...target, [inner]: value }));
}

function readObject(draft: RequestDraft, field: string): Readonly<Record<string, unknown>> | undefined {
  const text = draft.text(field);
  if (text === undefined || draft.kind(field) !== 'object') return undefined;
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

/** The effort as upstream takes it; see `EFFORTS`. */
export function upstreamEffort(effort: string): string {
  return EFFORTS.get(effort) ?? effort;
}

/** See `EFFORTS`. */
export function mapReasoningEffort(draft: RequestDraft): boolean {
  const reasoning = readObject(draft, 'reasoning');
  const effort = reasoning?.['effort'];
  const mapped = typeof effort === 'string' ? EFFORTS.get(effort) : undefined;
  if (mapped === undefined) return false;
  draft.set('reasoning', JSON.stringify({ ...reasoning, effort: mapped }));
  return true;
}

/** The preview's tool name, dated variants too, in `tools` and `tool_choice` (proxy.md 2.2 rules 15 and 16). */
export function renameWebSearchPreview(draft: RequestDraft): boolean {
  // `items` may settle earlier changes, so it comes before every other look at the bytes.
  const tools = mentionsPreview(draft, 'tools') ? draft.items('tools') : [];
  const { body, top } = draft;
  const choice = top.kind('tool_choice') === 'object' ? top.span('tool_choice') : undefined;
  const spans: readonly Span[] = choice === undefined ? tools : [...tools, choice];
  const patches = spans.flatMap((span): Patch[] => {
    if (kindAt(body, span.valueStart) !== 'object') return [];
    const tool = scanObjectAt(body, span.valueStart, span.valueEnd);
    const type = tool.span('type');
    if (type === undefined || tool.string('type')?.startsWith('web_search_preview') !== true) return [];
    return [{ start: type.valueStart, end: type.valueEnd, bytes: Buffer.from('"web_search"') }];
  });
  draft.splice(patches);
  return patches.length > 0;
}

function mentionsPreview(draft: RequestDraft, key: string): boolean {
  const span = draft.top.span(key);
  return span !== undefined && draft.body.subarray(span.valueStart, span.valueEnd).includes('"web_search_preview');
}
