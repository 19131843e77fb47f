/** Models on the wire: the Codex catalogue entry and the OpenAI list (codex-wire 2.8; spec/proxy.md 1.7.1). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const nullableInteger = Type.Union([Type.Integer(), Type.Null()]);

/**
 * What a Codex client cannot do without in one entry: a wrong or missing field of these makes it drop the *whole*
 * catalogue. Other fields are passed on as upstream sent them. (Client source openai/codex, `protocol/src/openai_models.rs`;
 * behaviour seen with 0.169.0.)
 */
export const CodexModel = Type.Object(
  {
    slug: Type.String({ minLength: 1, maxLength: 200 }),
    display_name: Type.String(),
    supported_reasoning_levels: Type.Array(
      Type.Object({ effort: Type.String({ minLength: 1 }), description: Type.String() }),
    ),
    shell_type: Type.String(),
    visibility: Type.String(),
    supported_in_api: Type.Boolean(),
    priority: Type.Integer(),
    support_verbosity: Type.Boolean(),
    truncation_policy: Type.Object({
      mode: Type.Union([Type.Literal('bytes'), Type.Literal('tokens')]),
      limit: Type.Integer(),
    }),
    experimental_supported_tools: Type.Array(Type.String()),
    context_window: Type.Optional(nullableInteger),
    max_context_window: Type.Optional(nullableInteger),
    auto_compact_token_limit: Type.Optional(nullableInteger),
    effective_context_window_percent: Type.Optional(Type.Integer()),
    base_instructions: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  },
  { $id: 'CodexModel' },
);
export type CodexModel = Static<typeof CodexModel> & Readonly<Record<string, unknown>>;

/** `GET /api/models` and `GET /backend-api/codex/models`: upstream's own objects plus `id` and `name` (both the slug). */
export const CodexModelList = Type.Object(
  { models: Type.Array(Type.Composite([CodexModel, Type.Object({ id: Type.String(), name: Type.String() })])) },
  { $id: 'CodexModelList' },
);

export const OpenAiModel = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('model'),
    created: Type.Integer(),
    owned_by: Type.String(),
    metadata: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'OpenAiModel' },
);
export type OpenAiModel = Static<typeof OpenAiModel>;

/** `GET /v1/models` for everyone but Codex clients. */
export const OpenAiModelList = Type.Object(
  { object: Type.Literal('list'), data: Type.Array(OpenAiModel) },
  { $id: 'OpenAiModelList' },
);
export type OpenAiModelList = Static<typeof OpenAiModelList>;

export const modelRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/models',
    tag: 'models',
    summary: 'List the models that the pool can serve',
    query: Type.Object({ client_version: Type.Optional(Type.String()) }),
    answers: { 200: CodexModelList },
  },
];
