/** Routing on the wire: the strategies, the decision behind a request, and the preview of one (design §11). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const text = Type.Union([Type.String(), Type.Null()]);
const integer = Type.Union([Type.Integer(), Type.Null()]);
const decimal = Type.Union([Type.Number(), Type.Null()]);

/** How an account is picked among those that can serve (spec/proxy.md 6.5, 6.6). */
export const RoutingStrategy = Type.Union(
  [
    Type.Literal('round_robin'),
    Type.Literal('weighted_round_robin'),
    Type.Literal('drain_hop'),
    Type.Literal('headroom'),
    Type.Literal('least_outstanding'),
    Type.Literal('latency_ewma'),
    Type.Literal('power_of_two'),
    Type.Literal('success_rate'),
    Type.Literal('cost_aware'),
    Type.Literal('deadline_aware'),
    Type.Literal('fill_first'),
    Type.Literal('reset_soonest'),
  ],
  { $id: 'RoutingStrategy' },
);
export type RoutingStrategy = Static<typeof RoutingStrategy>;

/** `must`: only the bound account may serve; `should`: it serves when it can; `free`: nothing binds. */
export const BindingGrade = Type.Union([Type.Literal('must'), Type.Literal('should'), Type.Literal('free')], {
  $id: 'BindingGrade',
});
export type BindingGrade = Static<typeof BindingGrade>;

/** One account as it stood when the decision was made. */
export const DecisionCandidate = Type.Object(
  {
    accountId: Type.String(),
    verdict: Type.Union([Type.Literal('chosen'), Type.Literal('eligible'), Type.Literal('excluded')]),
    /** Stable name of the reason, such as `cooling`. */
    code: Type.String(),
    /** The same in words. */
    reason: Type.String(),
    /** What the strategy made of it, higher is better; `null` when it was not asked. */
    score: decimal,
    /** The figures behind the score by name: shares 0 … 1, times in ms. */
    parts: Type.Record(Type.String(), Type.Number()),
  },
  { $id: 'DecisionCandidate' },
);
export type DecisionCandidate = Static<typeof DecisionCandidate>;

/** Why this account served, or why none did. */
export const Decision = Type.Object(
  {
    strategy: Type.String(),
    grade: BindingGrade,
    /** What decided before the strategy: `pin`, `lock_pool`, or the binding (`session`, `prompt_cache` …). */
    boundBy: text,
    /** The account that the binding names, whether or not it served. */
    boundAccountId: text,
    /** The account that was picked; `null` = none could serve. */
    accountId: text,
    /** Why none could. */
    refusal: text,
    atMs: Type.Integer(),
    estimatedInputTokens: integer,
    /** Tokens in the cache of the account the request belongs to, which serving it elsewhere threw away; `null` = none or not known. */
    cachedTokensLost: integer,
    /** It had to go to its account, and was let go by proof that it says everything itself. */
    released: Type.Boolean(),
    /** How many accounts there were; the list holds at most 20, the chosen and the best ones first. */
    considered: Type.Integer(),
    eligible: Type.Integer(),
    candidates: Type.Array(DecisionCandidate),
  },
  { $id: 'Decision' },
);
export type Decision = Static<typeof Decision>;

/** Body of `POST /api/routing/preview`: the request to imagine. Everything may be left out. */
export const RoutingPreviewRequest = Type.Object(
  {
    model: Type.Optional(Type.String({ maxLength: 256 })),
    sessionId: Type.Optional(Type.String({ maxLength: 512 })),
    threadId: Type.Optional(Type.String({ maxLength: 512 })),
    promptCacheKey: Type.Optional(Type.String({ maxLength: 512 })),
    previousResponseId: Type.Optional(Type.String({ maxLength: 512 })),
    estimatedInputTokens: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { $id: 'RoutingPreviewRequest' },
);
export type RoutingPreviewRequest = Static<typeof RoutingPreviewRequest>;

/** Who would serve now. Nothing is reserved by asking. */
export const RoutingPreview = Type.Object(
  {
    accountId: text,
    /** When an account that only waits comes back; `null` when somebody serves or none returns by itself. */
    returnsAtMs: integer,
    decision: Decision,
  },
  { $id: 'RoutingPreview' },
);
export type RoutingPreview = Static<typeof RoutingPreview>;

export const routingRoutes: readonly RouteContract[] = [
  {
    method: 'POST',
    path: '/api/routing/preview',
    tag: 'routing',
    summary: 'Say who would serve a request now, and why',
    body: RoutingPreviewRequest,
    answers: { 200: RoutingPreview },
  },
];
