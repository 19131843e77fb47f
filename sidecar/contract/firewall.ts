/** The firewall's allow-list on the wire (spec/admin-api.md 7.5). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

export const FirewallEntry = Type.Object(
  {
    /** Canonical text of an address or network. */
    ipAddress: Type.String(),
    createdAt: Type.String({ format: 'date-time' }),
  },
  { $id: 'FirewallEntry', additionalProperties: false },
);
export type FirewallEntry = Static<typeof FirewallEntry>;

export const FirewallList = Type.Object(
  {
    mode: Type.Union([Type.Literal('allow_all'), Type.Literal('allowlist_active')]),
    /** Whether clients on this machine pass, by IPv4 and by IPv6. */
    loopbackAllowed: Type.Boolean(),
    /** What a person should know about the list as it is; `null` = nothing. */
    warning: Type.Union([Type.String(), Type.Null()]),
    entries: Type.Array(FirewallEntry),
  },
  { $id: 'FirewallList', additionalProperties: false },
);
export type FirewallList = Static<typeof FirewallList>;

/** Body of `POST /api/firewall/ips`; `ip_address` is the predecessor's spelling. */
export const FirewallAddition = Type.Object(
  {
    ipAddress: Type.Optional(Type.String({ maxLength: 100 })),
    ip_address: Type.Optional(Type.String({ maxLength: 100 })),
    /** Lists this machine's loopback addresses too, so that local clients are not locked out. */
    allowLoopback: Type.Optional(Type.Boolean()),
  },
  { $id: 'FirewallAddition' },
);
export type FirewallAddition = Static<typeof FirewallAddition>;

export const FirewallAdded = Type.Composite(
  [FirewallEntry, Type.Object({ warning: Type.Union([Type.String(), Type.Null()]) })],
  { $id: 'FirewallAdded', additionalProperties: false },
);
export type FirewallAdded = Static<typeof FirewallAdded>;

export const firewallRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/firewall/ips',
    tag: 'firewall',
    summary: 'List the addresses and networks that may use the proxy',
    answers: { 200: FirewallList },
  },
  {
    method: 'POST',
    path: '/api/firewall/ips',
    tag: 'firewall',
    summary: 'Allow an address or network; the first one shuts everybody else out',
    body: FirewallAddition,
    answers: { 200: FirewallAdded },
    errors: ['invalid_ip', 'ip_exists'],
  },
  {
    method: 'DELETE',
    path: '/api/firewall/ips/{ip}',
    tag: 'firewall',
    summary: 'Take an address or network off the list',
    answers: { 200: Type.Object({ status: Type.Literal('deleted') }) },
    errors: ['invalid_ip', 'ip_not_found'],
  },
];
