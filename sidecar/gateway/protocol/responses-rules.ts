/**
 * What is done to a `/responses` body between the client and upstream: one table of named rules by route flavour.
 * On the Codex route nothing is changed but what upstream would refuse; no rule ever adds instructions, tools, include or
 * parallel_tool_calls, and tools keep their bytes (design §11, codex-wire 2.3).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { readTrigger } from './compaction-body';
import { normaliseChatItems } from './chat-item-scan';
import {
  applyAliases,
  forceStoreFalse,
  forceStreamTrue,
  keepLastOfEqualKeys,
  listTextInput,
  mapReasoningEffort,
  removeNulls,
  renameFastTier,
  renameWebSearchPreview,
  stripByteOrderMark,
  stripStreamOptions,
  stripUnsupported,
  stripUnsupportedInFrames,
  trimPreviousResponseId,
} from './field-rules';
import { refuseFileImages, stripNamespaces } from './input-items';
import { nameModel } from './model-rule';
import type { ServedModel } from './model-names';
import { RequestDraft } from './request-draft';
import { tiesOf, type RequestTies } from './request-ties';
import { validateResponsesBody } from './responses-validation';

/** `codex` = `/backend-api/codex/…`, faithful to the byte; `v1` = the public API's shape for SDKs. */
export type RouteFlavour = 'codex' | 'v1';

/** What a model name of a client means (see `ModelNames.canonical`). */
export type ServeModel = (name: string) => ServedModel;

/** How the request comes and goes: as the body of a POST or as a `response.create` frame. */
export type RequestForm = 'body' | 'frame';

/** One row of the table. `apply` changes the draft and says whether it did. */
export interface ResponsesRule {
  readonly name: string;
  readonly flavours: readonly RouteFlavour[];
  /** Left out = for HTTP bodies and frames. */
  readonly form?: RequestForm;
  readonly apply: (draft: RequestDraft, serve: ServeModel) => boolean;
}

const BOTH: readonly RouteFlavour[] = ['codex', 'v1'];
const V1: readonly RouteFlavour[] = ['v1'];

/** Applied top down, after validation. The first two give every later rule one value per key to bind. */
export const RESPONSES_RULES: readonly ResponsesRule[] = [
  { name: 'byte_order_mark', flavours: BOTH, apply: stripByteOrderMark },
  { name: 'equal_keys', flavours: BOTH, apply: keepLastOfEqualKeys },
  { name: 'null_fields', flavours: BOTH, apply: removeNulls },
  { name: 'previous_response_id_blank', flavours: BOTH, apply: trimPreviousResponseId },
  { name: 'store_false', flavours: BOTH, apply: forceStoreFalse },
  { name: 'stream_true', flavours: BOTH, form: 'body', apply: forceStreamTrue },
  { name: 'service_tier_fast', flavours: BOTH, apply: renameFastTier },
  { name: 'option_aliases', flavours: V1, apply: applyAliases },
  { name: 'unsupported_parameters', flavours: BOTH, form: 'body', apply: stripUnsupported },
  { name: 'unsupported_in_frames', flavours: BOTH, form: 'frame', apply: stripUnsupportedInFrames },
  { name: 'stream_options', flavours: V1, apply: stripStreamOptions },
  { name: 'model_name', flavours: BOTH, apply: nameModel },
  { name: 'reasoning_effort', flavours: V1, apply: mapReasoningEffort },
  { name: 'text_input', flavours: BOTH, apply: listTextInput },
  { name: 'item_namespace', flavours: BOTH, apply: stripNamespaces },
  { name: 'chat_items', flavours: V1, apply: normaliseChatItems },
  { name: 'web_search_preview', flavours: V1, apply: renameWebSearchPreview },
];

/** A body ready for upstream, and what the turn needs to know of it. */
export interface PreparedBody {
  /** What goes upstream: the client's own Buffer when no rule fired. */
  readonly body: Buffer;
  /** Names of the rules that fired, in table order. */
  readonly rules: readonly string[];
  readonly model: string;
  /** What the client's `stream` field asks for; `undefined` = it said nothing (then `Accept` decides). */
  readonly stream: 'sse' | 'json' | undefined;
  readonly promptCacheKey: string | undefined;
  readonly previousResponseId: string | undefined;
  /** As upstream gets it. */
  readonly serviceTier: string | undefined;
  /** As upstream gets it. */
  readonly reasoningEffort: string | undefined;
  /** `client_metadata.session_id`. */
  readonly sessionId: string | undefined;
  /** It asks for remote compaction (codex-wire 2.7). */
  readonly isCompaction: boolean;
  /** What may bind the request to an account. */
  readonly ties: RequestTies;
}

/**
 * Validates a `/responses` body and applies the rules of its route. `headers` are the client's: they name its conversation.
 * Throws TightropeError `invalid_json`, `invalid_request_error` (with `param`) or `unsupported_input_image_format`.
 */
export function prepareResponsesBody(
  body: Buffer,
  flavour: RouteFlavour,
  serve: ServeModel = (model) => ({ model }),
  headers: IncomingHttpHeaders = {},
  form: RequestForm = 'body',
): PreparedBody {
  const draft = new RequestDraft(body);
  validateResponsesBody(draft);
  refuseFileImages(draft);
  const isCompaction = readTrigger(draft);
  const stream = draft.top.bool('stream');
  const rules = RESPONSES_RULES.filter(
    (rule) => rule.flavours.includes(flavour) && (rule.form ?? form) === form && rule.apply(draft, serve),
  );
  const prepared = draft.finish();
  return {
    body: prepared,
    rules: rules.map((rule) => rule.name),
    model: draft.string('model') ?? '',
    stream: stream === undefined ? undefined : stream ? 'sse' : 'json',
    promptCacheKey: draft.string('prompt_cache_key'),
    previousResponseId: draft.string('previous_response_id'),
    serviceTier: draft.string('service_tier'),
    reasoningEffort: draft.object('reasoning')?.string('effort'),
    sessionId: draft.object('client_metadata')?.string('session_id'),
    isCompaction,
    ties: tiesOf(draft, headers),
  };
}
