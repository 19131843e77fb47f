/** Quota on the wire (design §11 "Quota on the API"; spec/admin-api.md 6.2, 6.7, 10.1; codex-wire 2.9). */
import { Type, type Static } from '@sinclair/typebox';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const text = nullable(Type.String());
const integer = nullable(Type.Integer());
const decimal = nullable(Type.Number());

/** By length, never by slot: short ≤ 24 h, weekly 6 to 8 days, monthly 27 to 32 days. */
export const WindowClass = Type.Union(
  [Type.Literal('short'), Type.Literal('weekly'), Type.Literal('monthly'), Type.Literal('other')],
  { $id: 'WindowClass' },
);
export type WindowClass = Static<typeof WindowClass>;

/** Which of the upstream's words a figure comes from. */
export const QuotaSource = Type.Union(
  [Type.Literal('headers'), Type.Literal('event'), Type.Literal('poll'), Type.Literal('error')],
  { $id: 'QuotaSource' },
);
export type QuotaSource = Static<typeof QuotaSource>;

/** One window now. A window whose reset has passed reads as 0 % without a reset. */
export const QuotaWindow = Type.Object(
  {
    class: WindowClass,
    usedPercent: Type.Number({ minimum: 0, maximum: 100 }),
    windowSeconds: integer,
    resetAtMs: integer,
    source: QuotaSource,
    observedAtMs: Type.Integer(),
  },
  { $id: 'QuotaWindow' },
);
export type QuotaWindow = Static<typeof QuotaWindow>;

/** The quota fields of an Account: the windows, and the old slots: primary = shortest, secondary = longest of several. */
export const AccountQuotaFigures = Type.Object(
  {
    windows: Type.Array(QuotaWindow),
    quotaPrimaryPercent: decimal,
    quotaSecondaryPercent: decimal,
    quotaPrimaryWindowSeconds: integer,
    quotaSecondaryWindowSeconds: integer,
    quotaPrimaryResetAtMs: integer,
    quotaSecondaryResetAtMs: integer,
    usageTelemetryRefreshedAtMs: integer,
  },
  { $id: 'AccountQuotaFigures' },
);
export type AccountQuotaFigures = Static<typeof AccountQuotaFigures>;

export const QuotaCredits = Type.Object(
  { hasCredits: Type.Boolean(), unlimited: Type.Boolean(), balance: text, observedAtMs: Type.Integer() },
  { $id: 'QuotaCredits' },
);
export type QuotaCredits = Static<typeof QuotaCredits>;

/** What the figures mean for routing. `class`, `untilMs` and `reason` are set when limited. */
export const QuotaVerdictView = Type.Object(
  {
    kind: Type.Union([Type.Literal('usable'), Type.Literal('limited'), Type.Literal('unknown')]),
    class: nullable(WindowClass),
    untilMs: integer,
    reason: text,
  },
  { $id: 'QuotaVerdictView' },
);
export type QuotaVerdictView = Static<typeof QuotaVerdictView>;

/** A further limit beside the account's own. `models` = slug prefixes it gates; empty = it gates none that we proxy. */
export const QuotaFamilyView = Type.Object(
  {
    family: Type.String(),
    name: text,
    models: Type.Array(Type.String()),
    verdict: QuotaVerdictView,
    windows: Type.Array(QuotaWindow),
  },
  { $id: 'QuotaFamilyView' },
);
export type QuotaFamilyView = Static<typeof QuotaFamilyView>;

/** The last thing upstream said through one channel, as it said it (bounded, without secrets). */
export const RawReading = Type.Object(
  { source: QuotaSource, observedAtMs: Type.Integer(), value: Type.Unknown() },
  { $id: 'RawReading' },
);
export type RawReading = Static<typeof RawReading>;

/** What an Account shows of its limits. */
export interface ShownQuota {
  readonly figures: AccountQuotaFigures;
  readonly verdict: QuotaVerdictView;
}

/** `GET /api/accounts/{id}/quota` */
export const AccountQuota = Type.Object(
  {
    accountId: Type.String(),
    planType: text,
    verdict: QuotaVerdictView,
    windows: Type.Array(QuotaWindow),
    additional: Type.Array(QuotaFamilyView),
    credits: nullable(QuotaCredits),
    raw: Type.Array(RawReading),
    history: Type.Object({ samples: Type.Integer(), oldestAtMs: integer, newestAtMs: integer }),
    poll: Type.Object({ lastSuccessAtMs: integer, nextDueAtMs: integer, failures: Type.Integer(), lastError: text }),
  },
  { $id: 'AccountQuota' },
);
export type AccountQuota = Static<typeof AccountQuota>;

/** Longest trend, days; samples are kept that long. */
export const MAX_TREND_DAYS = 90;

/** Query of `GET /api/accounts/{id}/usage-trend`, as text from the URL. */
export const UsageTrendQuery = Type.Object(
  {
    days: Type.Optional(Type.String({ pattern: '^[0-9]{1,2}$' })),
    by: Type.Optional(Type.Union([Type.Literal('hour'), Type.Literal('day')])),
  },
  { $id: 'UsageTrendQuery' },
);
export type UsageTrendQuery = Static<typeof UsageTrendQuery>;

/** The highest use seen in one hour or UTC day; `atMs` is its beginning. Buckets without a sample are left out. */
export const UsageTrendPoint = Type.Object(
  {
    atMs: Type.Integer(),
    primaryPercent: decimal,
    secondaryPercent: decimal,
    percents: Type.Partial(
      Type.Object({ short: Type.Number(), weekly: Type.Number(), monthly: Type.Number(), other: Type.Number() }),
    ),
  },
  { $id: 'UsageTrendPoint' },
);
export type UsageTrendPoint = Static<typeof UsageTrendPoint>;

export const UsageTrend = Type.Object(
  {
    accountId: Type.String(),
    days: Type.Integer(),
    by: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
    points: Type.Array(UsageTrendPoint),
  },
  { $id: 'UsageTrend' },
);
export type UsageTrend = Static<typeof UsageTrend>;

/** All four numbers are always there: the Codex client reads them as required integers. */
const UsageWindow = Type.Object({
  used_percent: Type.Integer(),
  limit_window_seconds: Type.Integer(),
  reset_after_seconds: Type.Integer(),
  /** Unix seconds. */
  reset_at: Type.Integer(),
});
export type UsageWindow = Static<typeof UsageWindow>;

const UsageLimit = Type.Object({
  allowed: Type.Boolean(),
  limit_reached: Type.Boolean(),
  primary_window: nullable(UsageWindow),
  secondary_window: nullable(UsageWindow),
});
export type UsageLimit = Static<typeof UsageLimit>;

/** `GET /api/codex/usage` and `/backend-api/wham/usage`: the pool as if it were one account, in upstream's shape. */
export const PooledUsage = Type.Object(
  {
    plan_type: Type.String(),
    rate_limit: nullable(UsageLimit),
    code_review_rate_limit: nullable(UsageLimit),
    credits: nullable(
      Type.Object({
        has_credits: Type.Boolean(),
        unlimited: Type.Boolean(),
        balance: text,
        approx_local_messages: Type.Null(),
        approx_cloud_messages: Type.Null(),
      }),
    ),
    additional_rate_limits: Type.Array(
      Type.Object({ limit_name: Type.String(), metered_feature: Type.String(), rate_limit: nullable(UsageLimit) }),
    ),
  },
  { $id: 'PooledUsage' },
);
export type PooledUsage = Static<typeof PooledUsage>;
