/** Health, proxy switch and runtime events on the wire (spec/admin-api.md 4; design §11 "Events"). */
import { Type, type Static } from '@sinclair/typebox';

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
