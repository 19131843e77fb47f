/** Live events and traffic on the wire (spec/ui.md 4.3, 4.4; spec/admin-api.md 6.13, 6.14, 11.8; design §11 "Events"). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

/** One message of `/api/events/ws`. `seq` rises and is shared with `GET /api/events`; 0 = belongs to this socket alone. */
export const LiveEvent = Type.Object(
  {
    seq: Type.Integer({ minimum: 0 }),
    /** snake_case: `request_log`, `accounts_changed` … */
    type: Type.String(),
    atMs: Type.Integer(),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'LiveEvent', additionalProperties: false },
);
export type LiveEvent = Static<typeof LiveEvent>;

/** Query of the upgrade to `/api/events/ws`. */
export const LiveEventsQuery = Type.Object({ since: Type.Optional(Type.String()) }, { $id: 'LiveEventsQuery' });

/** Totals in bytes since the process started; times in UTC ms, 0 = never. */
export const AccountTraffic = Type.Object(
  {
    accountId: Type.String(),
    upBytes: Type.Integer(),
    downBytes: Type.Integer(),
    lastUpAtMs: Type.Integer(),
    lastDownAtMs: Type.Integer(),
  },
  { $id: 'AccountTraffic', additionalProperties: false },
);
export type AccountTraffic = Static<typeof AccountTraffic>;

/** `GET /api/accounts/traffic`: accounts that had traffic, sorted by id. */
export const TrafficSnapshot = Type.Object(
  { generatedAtMs: Type.Integer(), accounts: Type.Array(AccountTraffic) },
  { $id: 'TrafficSnapshot', additionalProperties: false },
);
export type TrafficSnapshot = Static<typeof TrafficSnapshot>;

export const liveRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/accounts/traffic',
    tag: 'accounts',
    summary: 'Show the bytes that went up and down for every account since the start',
    answers: { 200: TrafficSnapshot },
  },
];
