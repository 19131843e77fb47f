/** The record of admin changes on the wire: who, what, when; never a value that was sent. */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';
import { SigninRole } from './signin';

export const AuditEntry = Type.Object(
  {
    id: Type.String(),
    atMs: Type.Integer(),
    /** `admin_token`, `session`, or `local`. */
    actor: Type.String(),
    role: SigninRole,
    address: Type.Union([Type.String(), Type.Null()]),
    sessionId: Type.Union([Type.String(), Type.Null()]),
    method: Type.String(),
    path: Type.String(),
    status: Type.Integer(),
    /** Names of the fields that the body held. */
    fields: Type.Array(Type.String()),
    requestId: Type.String(),
  },
  { $id: 'AuditEntry', additionalProperties: false },
);
export type AuditEntry = Static<typeof AuditEntry>;

export const AuditPage = Type.Object(
  { entries: Type.Array(AuditEntry), nextCursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'AuditPage', additionalProperties: false },
);
export type AuditPage = Static<typeof AuditPage>;

/** `cursor` = `nextCursor` of the page before. */
export const AuditQuery = Type.Object(
  { limit: Type.Optional(Type.String()), cursor: Type.Optional(Type.String({ maxLength: 64 })) },
  { $id: 'AuditQuery' },
);

export const auditRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/audit',
    tag: 'audit',
    summary: 'List the changes made through the admin API, newest first',
    query: AuditQuery,
    answers: { 200: AuditPage },
  },
];
