/** What the page shows about the program itself (spec/admin-api.md 11.2). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

export const AppMeta = Type.Object(
  {
    version: Type.String(),
    buildChannel: Type.Union([Type.Literal('release'), Type.Literal('debug')]),
    packaged: Type.Boolean(),
    /** Node's name of the platform. */
    platform: Type.String(),
    /** Address and port that this request came in on. */
    runtimeBind: Type.String(),
    oauthCallbackUrl: Type.String(),
    codexBaseUrl: Type.String(),
  },
  { $id: 'AppMeta', additionalProperties: false },
);
export type AppMeta = Static<typeof AppMeta>;

export const appMetaRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/app/meta',
    tag: 'runtime',
    summary: 'Say what program this is and where clients reach it',
    answers: { 200: AppMeta },
  },
];
