/** Sign-in of accounts on the wire (spec/admin-api.md 9; design §11 "OAuth"). */
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = nullable(Type.String());
const integer = nullable(Type.Integer());
const flowId = Type.String({ minLength: 1, maxLength: 64 });

export const OAuthMethod = Type.Union([Type.Literal('browser'), Type.Literal('device')], { $id: 'OAuthMethod' });
export type OAuthMethod = Static<typeof OAuthMethod>;

/** The words of the predecessor; `phase` says more. */
export const OAuthStatusWord = Type.Union(
  [Type.Literal('pending'), Type.Literal('success'), Type.Literal('error'), Type.Literal('stopped')],
  { $id: 'OAuthStatusWord' },
);

export const OAuthPhase = Type.Union(
  [
    Type.Literal('idle'),
    Type.Literal('waiting'),
    Type.Literal('exchanging'),
    Type.Literal('done'),
    Type.Literal('failed'),
    Type.Literal('expired'),
    Type.Literal('cancelled'),
  ],
  { $id: 'OAuthPhase' },
);
export type OAuthPhase = Static<typeof OAuthPhase>;

/** One sign-in; `flowId` null and phase `idle` = there was none yet. */
export const OAuthFlow = Type.Object(
  {
    flowId: nullable(Type.String()),
    method: nullable(OAuthMethod),
    status: OAuthStatusWord,
    phase: OAuthPhase,
    /** Whether it is still under way. */
    active: Type.Boolean(),
    errorCode: text,
    errorMessage: text,
    /** The account whose login is renewed; `null` = a new one or whoever signs in. */
    accountId: text,
    startedAtMs: integer,
    expiresAtMs: integer,
    expiresInSeconds: integer,
    /** Whether the callback listener is really open. */
    listenerRunning: Type.Boolean(),
    /** Why it is not although this sign-in wants it, and what to do. */
    listenerProblem: text,
    authorizationUrl: text,
    callbackUrl: text,
    verificationUrl: text,
    userCode: text,
    deviceAuthId: text,
    intervalSeconds: integer,
    completedAccountId: text,
    completedEmail: text,
    completedAtMs: integer,
    /** Whether the account was new. */
    completedAction: nullable(Type.Union([Type.Literal('created'), Type.Literal('updated')])),
  },
  { $id: 'OAuthFlow', additionalProperties: false },
);
export type OAuthFlow = Static<typeof OAuthFlow>;

export const OAuthFlowList = Type.Object({ flows: Type.Array(OAuthFlow) }, { $id: 'OAuthFlowList' });

export const OAuthStartRequest = Type.Object(
  {
    /** `device`; any other word means the browser. */
    forceMethod: Type.Optional(Type.String({ maxLength: 32 })),
    force_method: Type.Optional(Type.String({ maxLength: 32 })),
    accountId: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { $id: 'OAuthStartRequest' },
);

export const OAuthFlowReference = Type.Object({ flowId: Type.Optional(flowId) }, { $id: 'OAuthFlowReference' });

export const OAuthCompleteRequest = Type.Object(
  {
    flowId: Type.Optional(flowId),
    deviceAuthId: Type.Optional(Type.String({ maxLength: 512 })),
    device_auth_id: Type.Optional(Type.String({ maxLength: 512 })),
    userCode: Type.Optional(Type.String({ maxLength: 512 })),
    user_code: Type.Optional(Type.String({ maxLength: 512 })),
  },
  { $id: 'OAuthCompleteRequest' },
);

export const OAuthCompleted = Type.Object({ status: OAuthStatusWord }, { $id: 'OAuthCompleted' });

export const OAuthManualCallback = Type.Object(
  {
    flowId: Type.Optional(flowId),
    callbackUrl: Type.Optional(Type.String({ maxLength: 16_384 })),
    callback_url: Type.Optional(Type.String({ maxLength: 16_384 })),
  },
  { $id: 'OAuthManualCallback' },
);

export const OAuthCallbackResult = Type.Object(
  {
    status: Type.Union([Type.Literal('success'), Type.Literal('error')]),
    errorCode: text,
    errorMessage: text,
    flowId: nullable(Type.String()),
    accountId: text,
  },
  { $id: 'OAuthCallbackResult', additionalProperties: false },
);
export type OAuthCallbackResult = Static<typeof OAuthCallbackResult>;

const PROVIDER_FAILURES = [
  'device_auth_unavailable',
  'oauth_transport_failed',
  'oauth_refused',
  'invalid_response',
] as const;

export const oauthRoutes: readonly RouteContract[] = [
  {
    method: 'POST',
    path: '/api/oauth/start',
    tag: 'oauth',
    summary: 'Begin a sign-in by browser or device code',
    body: OAuthStartRequest,
    answers: { 200: OAuthFlow },
    errors: ['account_not_found', 'oauth_too_many_flows', ...PROVIDER_FAILURES],
  },
  {
    method: 'GET',
    path: '/api/oauth/status',
    tag: 'oauth',
    summary: 'Read a sign-in, the newest unless another is named',
    query: OAuthFlowReference,
    answers: { 200: OAuthFlow },
    errors: ['oauth_flow_not_found'],
  },
  {
    method: 'GET',
    path: '/api/oauth/flows',
    tag: 'oauth',
    summary: 'List the sign-ins of the last hour, newest first',
    answers: { 200: OAuthFlowList },
  },
  {
    method: 'POST',
    path: '/api/oauth/stop',
    tag: 'oauth',
    summary: 'Cancel a sign-in',
    body: OAuthFlowReference,
    answers: { 200: OAuthFlow },
    errors: ['oauth_flow_not_found'],
  },
  {
    method: 'POST',
    path: '/api/oauth/restart',
    tag: 'oauth',
    summary: 'Cancel a sign-in and begin it anew by browser',
    body: OAuthFlowReference,
    answers: { 200: OAuthFlow },
    errors: ['oauth_flow_not_found', 'oauth_too_many_flows'],
  },
  {
    method: 'POST',
    path: '/api/oauth/complete',
    tag: 'oauth',
    summary: 'Ask how a device sign-in stands',
    body: OAuthCompleteRequest,
    answers: { 200: OAuthCompleted },
    errors: ['oauth_flow_not_found'],
  },
  {
    method: 'POST',
    path: '/api/oauth/manual-callback',
    tag: 'oauth',
    summary: 'Complete a browser sign-in with the address the browser ended on',
    body: OAuthManualCallback,
    answers: { 200: OAuthCallbackResult },
    errors: ['invalid_callback', 'oauth_flow_not_found'],
  },
  {
    method: 'GET',
    path: '/auth/callback',
    tag: 'oauth',
    summary: 'Take the browser back from the provider',
    answers: { 200: null, 400: null },
  },
];
