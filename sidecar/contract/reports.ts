/** Reports, their export, and the overview (spec/ui.md 19.5; spec/admin-api.md 10.4). `…Usd` is decimal USD. */
import { Type, type Static } from '@sinclair/typebox';
import { Account } from './account';
import { RequestLogQuery } from './request-log';
import type { RouteContract } from './route-contract';

const integer = Type.Union([Type.Integer(), Type.Null()]);
const decimal = Type.Union([Type.Number(), Type.Null()]);
const text = Type.Union([Type.String(), Type.Null()]);

const FIGURES = {
  requests: Type.Integer(),
  errors: Type.Integer(),
  /** Turns that needed more than one attempt. */
  retried: Type.Integer(),
  /** Turns that a conversation's account served. */
  sticky: Type.Integer(),
  inputTokens: Type.Integer(),
  cachedTokens: Type.Integer(),
  outputTokens: Type.Integer(),
  reasoningTokens: Type.Integer(),
  totalTokens: Type.Integer(),
  costUsd: Type.Number(),
  /** Turns with tokens whose model has no known price: their cost is missing above. */
  unpricedRequests: Type.Integer(),
  /** Within 5 %; `null` without a turn. */
  latencyP50Ms: integer,
  latencyP95Ms: integer,
  latencyP99Ms: integer,
  firstTokenP50Ms: integer,
  firstTokenP95Ms: integer,
};

export const UsageFigures = Type.Object(FIGURES, { $id: 'UsageFigures', additionalProperties: false });
export type UsageFigures = Static<typeof UsageFigures>;

/** One step of time and, where asked for, one member of the grouping (`null` = turns without one). */
export const UsagePoint = Type.Object(
  { startAt: Type.String({ format: 'date-time' }), startAtMs: Type.Integer(), name: text, ...FIGURES },
  { $id: 'UsagePoint', additionalProperties: false },
);
export type UsagePoint = Static<typeof UsagePoint>;

export const UsageGroup = Type.Object({ name: text, ...FIGURES }, { $id: 'UsageGroup', additionalProperties: false });
export type UsageGroup = Static<typeof UsageGroup>;

const word = Type.Optional(Type.String({ maxLength: 256 }));
const ReportParts = {
  /** Counted back from now; `since` and `until` (ISO 8601 or UTC ms) win. */
  range: Type.Optional(
    Type.Union([
      Type.Literal('24h'),
      Type.Literal('7d'),
      Type.Literal('28d'),
      Type.Literal('30d'),
      Type.Literal('90d'),
    ]),
  ),
  since: word,
  until: word,
  /** Default: hour up to two days, else day. Days are UTC. */
  groupBy: Type.Optional(Type.Union([Type.Literal('hour'), Type.Literal('day')])),
  by: Type.Optional(
    Type.Union([Type.Literal('account'), Type.Literal('key'), Type.Literal('model'), Type.Literal('client')]),
  ),
  accountId: word,
  apiKeyId: word,
  model: word,
  client: word,
};
const ExportFormat = Type.Optional(Type.Union([Type.Literal('csv'), Type.Literal('json')]));

export const ReportQuery = Type.Object(ReportParts, { $id: 'ReportQuery' });
export type ReportQuery = Static<typeof ReportQuery>;
export const ReportExportQuery = Type.Object({ ...ReportParts, format: ExportFormat }, { $id: 'ReportExportQuery' });
export const LogExportQuery = Type.Composite([RequestLogQuery, Type.Object({ format: ExportFormat })], {
  $id: 'LogExportQuery',
});

export const Report = Type.Object(
  {
    sinceMs: Type.Integer(),
    untilMs: Type.Integer(),
    groupBy: Type.Union([Type.Literal('hour'), Type.Literal('day')]),
    by: text,
    totals: UsageFigures,
    /** The same span of time just before. */
    previous: UsageFigures,
    /** Steps with at least one turn, oldest first. */
    series: Type.Array(UsagePoint),
    /** Dearest first; empty without `by`. */
    groups: Type.Array(UsageGroup),
  },
  { $id: 'Report', additionalProperties: false },
);
export type Report = Static<typeof Report>;

const Window = Type.Object({ usedPercent: decimal, resetAtMs: integer });
const Count = Type.Object({ atMs: Type.Integer(), count: Type.Number() });
const Depletion = Type.Union([
  Type.Object({ atMs: Type.Integer(), confidence: Type.Number({ minimum: 0, maximum: 1 }) }),
  Type.Null(),
]);

/** `GET /api/dashboard/overview`. */
export const DashboardOverview = Type.Object(
  {
    lastSyncAtMs: integer,
    accounts: Type.Array(Account),
    summary: Type.Object({
      requests24h: Type.Integer(),
      errors24h: Type.Integer(),
      totalTokens24h: Type.Integer(),
      cachedTokens24h: Type.Integer(),
      totalCost24hUsd: Type.Number(),
      unpricedRequests24h: Type.Integer(),
      latencyP50Ms: integer,
      latencyP95Ms: integer,
      firstTokenP50Ms: integer,
      activeAccounts: Type.Integer(),
    }),
    /** The pool: mean use of the accounts that have such a window, and the nearest reset. */
    windows: Type.Object({ primary: Window, secondary: Window }),
    /** By the hour, the last 24. */
    trends: Type.Object({ requests: Type.Array(Count), tokens: Type.Array(Count), costUsd: Type.Array(Count) }),
    /** When the pool runs dry at the pace of the present windows; `null` = not before they reset, or not known. */
    depletionPrimary: Depletion,
    depletionSecondary: Depletion,
  },
  { $id: 'DashboardOverview', additionalProperties: false },
);
export type DashboardOverview = Static<typeof DashboardOverview>;

const tag = 'reports';

export const reportRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/dashboard/overview',
    tag,
    summary: 'Show the pool, its windows and the last day at a glance',
    answers: { 200: DashboardOverview },
  },
  {
    method: 'GET',
    path: '/api/reports',
    tag,
    summary: 'Sum up requests, tokens, cost and latency over a range of time',
    query: ReportQuery,
    answers: { 200: Report },
    errors: ['invalid_query'],
  },
  {
    method: 'GET',
    path: '/api/reports/export',
    tag,
    summary: 'Download the steps of a report as CSV or JSON',
    query: ReportExportQuery,
    answers: { 200: null },
    errors: ['invalid_query'],
  },
  {
    method: 'GET',
    path: '/api/logs/export',
    tag: 'logs',
    summary: 'Download the rows of the request log that pass the filter as CSV or JSON',
    query: LogExportQuery,
    answers: { 200: null },
    errors: ['invalid_query'],
  },
];
