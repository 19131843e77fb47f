/** Health, proxy switch and runtime events on the wire (spec/admin-api.md 4; design §11 "Events"). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

export const Health = Type.Object(
  { status: Type.Literal('ok'), uptime_ms: Type.Integer(), instanceId: Type.String(), version: Type.String() },
  { $id: 'Health' },
);
export type Health = Static<typeof Health>;

export const ProxySwitch = Type.Object(
  { enabled: Type.Boolean(), paused: Type.Boolean(), autoRestart: Type.Boolean() },
  { $id: 'ProxySwitch' },
);
export type ProxySwitch = Static<typeof ProxySwitch>;

export const ProxySwitchPatch = Type.Partial(ProxySwitch, { $id: 'ProxySwitchPatch' });
export type ProxySwitchPatch = Static<typeof ProxySwitchPatch>;

export const RuntimeHealth = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('error')]),
    uptime_ms: Type.Integer(),
    proxyEnabled: Type.Boolean(),
    proxyPaused: Type.Boolean(),
    database: Type.Union([Type.Literal('locked'), Type.Literal('unlocked')]),
    accounts: Type.Object({ total: Type.Integer(), usable: Type.Integer() }),
    turnsInFlight: Type.Integer(),
    /** Log rows that the disk was too slow for since start; 0 in a healthy process. */
    logRowsDropped: Type.Integer(),
    version: Type.String(),
    nodeId: Type.String(),
    cluster: Type.Null(),
  },
  { $id: 'RuntimeHealth' },
);
export type RuntimeHealth = Static<typeof RuntimeHealth>;

/** Body of `POST /api/client-errors`: what broke in the page. */
export const ClientError = Type.Object(
  {
    message: Type.String({ minLength: 1, maxLength: 2000 }),
    stack: Type.Optional(Type.String({ maxLength: 8000 })),
    page: Type.Optional(Type.String({ maxLength: 300 })),
    version: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { $id: 'ClientError' },
);

const tag = 'runtime';
const Stopping = Type.Object({ status: Type.Literal('stopping') }, { $id: 'Stopping' });

export const runtimeRoutes: readonly RouteContract[] = [
  { method: 'GET', path: '/api/runtime/proxy', tag, summary: 'Read the proxy switch', answers: { 200: ProxySwitch } },
  {
    method: 'PATCH',
    path: '/api/runtime/proxy',
    tag,
    summary: 'Change the proxy switch',
    body: ProxySwitchPatch,
    answers: { 200: ProxySwitch },
  },
  {
    method: 'POST',
    path: '/api/runtime/proxy/start',
    tag,
    summary: 'Take proxied requests',
    answers: { 200: ProxySwitch },
  },
  {
    method: 'POST',
    path: '/api/runtime/proxy/stop',
    tag,
    summary: 'Refuse new proxied requests',
    answers: { 200: ProxySwitch },
  },
  {
    method: 'GET',
    path: '/api/runtime/health',
    tag,
    summary: 'Say how this process is doing',
    answers: { 200: RuntimeHealth },
  },
  {
    method: 'POST',
    path: '/api/runtime/shutdown',
    tag,
    summary: 'Let running turns finish, then end the process',
    answers: { 202: Stopping },
  },
  {
    method: 'POST',
    path: '/api/client-errors',
    tag,
    summary: 'Write an error of the page into the log',
    body: ClientError,
    answers: { 204: null },
  },
];

export const EventLevel = Type.Union([Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
  $id: 'EventLevel',
});
export type EventLevel = Static<typeof EventLevel>;

/** One thing worth telling a person: `type` in snake_case (`account_paused`), `data` in camelCase, no secrets. */
export const RuntimeEvent = Type.Object(
  {
    seq: Type.Integer(),
    type: Type.String(),
    atMs: Type.Integer(),
    data: Type.Object({
      level: EventLevel,
      message: Type.String(),
      accountId: Type.Union([Type.String(), Type.Null()]),
      facts: Type.Record(Type.String(), Type.Unknown()),
    }),
  },
  { $id: 'RuntimeEvent' },
);
export type RuntimeEvent = Static<typeof RuntimeEvent>;

export const RuntimeEventPage = Type.Object(
  { events: Type.Array(RuntimeEvent), nextSeq: Type.Integer() },
  { $id: 'RuntimeEventPage' },
);
export type RuntimeEventPage = Static<typeof RuntimeEventPage>;
