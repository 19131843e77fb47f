/** Health for load balancers, metrics, and the list of runtime events. */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';
import { Health, RuntimeEventPage } from './runtime';

const Live = Type.Object({ status: Type.Literal('ok') }, { $id: 'Live' });

/** `GET /health/ready`; `reasons` are codes, empty when turns are taken. */
export const Readiness = Type.Object(
  { status: Type.Union([Type.Literal('ready'), Type.Literal('not_ready')]), reasons: Type.Array(Type.String()) },
  { $id: 'Readiness' },
);
export type Readiness = Static<typeof Readiness>;

/** `GET /api/events`: without `since` the newest ones. */
export const RuntimeEventsQuery = Type.Object(
  { since: Type.Optional(Type.String()), limit: Type.Optional(Type.String()) },
  { $id: 'RuntimeEventsQuery' },
);

const tag = 'health';

export const healthRoutes: readonly RouteContract[] = [
  { method: 'GET', path: '/health', tag, summary: 'Say which process serves here', answers: { 200: Health } },
  { method: 'GET', path: '/health/live', tag, summary: 'Say that the process runs', answers: { 200: Live } },
  {
    method: 'GET',
    path: '/health/ready',
    tag,
    summary: 'Say whether turns are taken',
    answers: { 200: Readiness, 503: Readiness },
  },
  {
    method: 'GET',
    path: '/metrics',
    tag,
    summary: 'Read the metrics in the format of Prometheus',
    answers: { 200: null },
  },
  {
    method: 'GET',
    path: '/api/events',
    tag: 'events',
    summary: 'List what happened, oldest first',
    query: RuntimeEventsQuery,
    answers: { 200: RuntimeEventPage },
    errors: ['invalid_query'],
  },
];
