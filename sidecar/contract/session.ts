/** Sticky sessions on the wire: which account serves which conversation (spec/admin-api.md 7.3, 7.4; spec/ui.md 8, 19.4). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const text = Type.Union([Type.String(), Type.Null()]);

/** `codex_session`: a root thread or a whole session; `sticky_thread`: a thread inside one (`session/thread`). */
export const SessionKind = Type.Union(
  [Type.Literal('codex_session'), Type.Literal('sticky_thread'), Type.Literal('prompt_cache')],
  { $id: 'SessionKind' },
);
export type SessionKind = Static<typeof SessionKind>;

export const Session = Type.Object(
  {
    sessionKey: Type.String(),
    kind: SessionKind,
    /** `null` = released: the next request picks an account. */
    accountId: text,
    chatgptAccountId: text,
    accountLabel: text,
    /** The key whose clients it belongs to. */
    apiKeyId: text,
    /** Tokens read from the upstream's cache by its last request: what a move throws away. */
    cachedTokens: Type.Union([Type.Integer(), Type.Null()]),
    updatedAtMs: Type.Integer(),
    expiresAtMs: Type.Integer(),
  },
  { $id: 'Session', additionalProperties: false },
);
export type Session = Static<typeof Session>;

export const SessionPage = Type.Object(
  { generatedAtMs: Type.Integer(), total: Type.Integer(), sessions: Type.Array(Session) },
  { $id: 'SessionPage', additionalProperties: false },
);
export type SessionPage = Static<typeof SessionPage>;

/** Query of `GET /api/sessions`, as text from the URL. */
export const SessionQuery = Type.Object(
  { limit: Type.Optional(Type.String()), offset: Type.Optional(Type.String()) },
  { $id: 'SessionQuery' },
);

/** Query that narrows a key down to one kind. */
export const SessionKeyQuery = Type.Object({ kind: Type.Optional(SessionKind) }, { $id: 'SessionKeyQuery' });

export const SessionPurge = Type.Object(
  {
    scope: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String()),
    accountId: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { $id: 'SessionPurge' },
);
export type SessionPurge = Static<typeof SessionPurge>;

/** Body of a move: the account that is to serve from now on. */
export const SessionMove = Type.Object({ accountId: Type.String({ maxLength: 200 }) }, { $id: 'SessionMove' });

const status = <S extends string>(word: S) => Type.Object({ status: Type.Literal(word) });

export const sessionRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/sessions',
    tag: 'sessions',
    summary: 'List which account serves which conversation',
    query: SessionQuery,
    answers: { 200: SessionPage },
  },
  {
    method: 'POST',
    path: '/api/sessions/purge',
    tag: 'sessions',
    summary: 'Forget conversations that have expired, or all of them',
    body: SessionPurge,
    answers: { 200: Type.Object({ status: Type.Literal('purged'), removed: Type.Integer() }) },
    errors: ['invalid_scope', 'invalid_kind'],
  },
  {
    method: 'DELETE',
    path: '/api/sessions/{sessionKey}',
    tag: 'sessions',
    summary: 'Forget a conversation',
    query: SessionKeyQuery,
    answers: { 200: status('deleted') },
    errors: ['session_not_found'],
  },
  {
    method: 'POST',
    path: '/api/sessions/{sessionKey}/release',
    tag: 'sessions',
    summary: 'Let the next request of a conversation go to any account',
    query: SessionKeyQuery,
    answers: { 200: status('released') },
    errors: ['session_not_found'],
  },
  {
    method: 'POST',
    path: '/api/sessions/{sessionKey}/move',
    tag: 'sessions',
    summary: 'Let another account serve a conversation from now on',
    query: SessionKeyQuery,
    body: SessionMove,
    answers: { 200: status('moved') },
    errors: ['session_not_found', 'account_not_found'],
  },
];
