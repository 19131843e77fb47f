/** Accounts on the wire (spec/admin-api.md 6.1; design §10). */
import { Type, type Static } from '@sinclair/typebox';
import { QuotaWindow } from './quota';

export const AccountStatus = Type.Union(
  [
    Type.Literal('active'),
    Type.Literal('paused'),
    Type.Literal('rate_limited'),
    Type.Literal('quota_blocked'),
    Type.Literal('reauth_required'),
    Type.Literal('deactivated'),
  ],
  { $id: 'AccountStatus' },
);
export type AccountStatus = Static<typeof AccountStatus>;

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const text = nullable(Type.String());
const integer = nullable(Type.Integer());
const decimal = nullable(Type.Number());

/** How routing treats an account: like all others, before all others, or only when no other can serve. */
export const AccountMode = Type.Union([Type.Literal('normal'), Type.Literal('burn_first'), Type.Literal('preserve')], {
  $id: 'AccountMode',
});
export type AccountMode = Static<typeof AccountMode>;

/** Used share of any window from which on an account takes no new work, percent. */
const usedPercent = Type.Integer({ minimum: 1, maximum: 100 });
/** Turns in flight at most. */
const concurrent = Type.Integer({ minimum: 1, maximum: 1000 });

export const Account = Type.Object(
  {
    accountId: Type.String(),
    /** Never empty: e-mail, else `account-<first 8 of the id>`. */
    email: Type.String(),
    /** What people call it; `null` = its e-mail. */
    alias: text,
    tags: Type.Array(Type.String()),
    provider: Type.String(),
    chatgptAccountId: text,
    chatgptUserId: text,
    planType: text,
    status: AccountStatus,
    /** Why the account is in this status; `null` when it serves. */
    reason: text,
    /** What a person can do about it; `null` when the account serves and will go on to. */
    nextStep: text,
    /** When a limited account is expected back. */
    blockedUntilMs: integer,
    routingPinned: Type.Boolean(),
    /** `null` = no limit of our own. */
    policy: Type.Object({
      mode: AccountMode,
      maxUsedPercent: nullable(usedPercent),
      maxConcurrent: nullable(concurrent),
    }),
    hasAccessToken: Type.Boolean(),
    hasRefreshToken: Type.Boolean(),
    hasIdToken: Type.Boolean(),
    accessTokenExpiresAtMs: integer,
    tokenRefreshNeedsAttention: Type.Boolean(),
    tokenRefreshLastError: text,
    tokenRefreshLastSuccessAtMs: integer,
    tokenRefreshNextDueAtMs: integer,
    lastRefreshAtMs: integer,
    windows: Type.Array(QuotaWindow),
    quotaPrimaryPercent: decimal,
    quotaSecondaryPercent: decimal,
    quotaPrimaryWindowSeconds: integer,
    quotaSecondaryWindowSeconds: integer,
    quotaPrimaryResetAtMs: integer,
    quotaSecondaryResetAtMs: integer,
    usageTelemetryRefreshedAtMs: integer,
    requests24h: integer,
    totalCost24hUsd: decimal,
    costNorm: decimal,
    inflight: integer,
    createdAtMs: Type.Integer(),
    updatedAtMs: Type.Integer(),
  },
  { $id: 'Account', additionalProperties: false },
);
export type Account = Static<typeof Account>;

export const AccountList = Type.Object({ accounts: Type.Array(Account) }, { $id: 'AccountList' });
export type AccountList = Static<typeof AccountList>;

/** Body of `POST /api/accounts/import`: a login (`authJson`) or a bare row (`email`). */
export const AccountImportRequest = Type.Object(
  {
    authJson: Type.Optional(
      Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown()), Type.Array(Type.Unknown())]),
    ),
    onDuplicate: Type.Optional(Type.Union([Type.Literal('update'), Type.Literal('skip')])),
    email: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
    provider: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { $id: 'AccountImportRequest' },
);
export type AccountImportRequest = Static<typeof AccountImportRequest>;

export const AccountImportAction = Type.Union(
  [Type.Literal('created'), Type.Literal('updated'), Type.Literal('skipped'), Type.Literal('invalid')],
  { $id: 'AccountImportAction' },
);

export const AccountImportResult = Type.Object(
  {
    index: Type.Integer(),
    action: AccountImportAction,
    account: Type.Optional(Account),
    error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
  },
  { $id: 'AccountImportResult' },
);
export type AccountImportResult = Static<typeof AccountImportResult>;

export const AccountImportResults = Type.Object(
  { results: Type.Array(AccountImportResult) },
  { $id: 'AccountImportResults' },
);
export type AccountImportResults = Static<typeof AccountImportResults>;

/** Something to read and no control or format characters; spaces around it are taken off. */
const NAME = '^\\p{Zs}*[^\\s\\p{Cc}\\p{Cf}][^\\p{Cc}\\p{Cf}]*$';

/** Body of `PATCH /api/accounts/{id}`. A field that is left out stays, `null` takes it back. */
export const AccountPolicyChange = Type.Object(
  {
    alias: Type.Optional(nullable(Type.String({ maxLength: 64, pattern: NAME }))),
    tags: Type.Optional(nullable(Type.Array(Type.String({ maxLength: 32, pattern: NAME }), { maxItems: 20 }))),
    mode: Type.Optional(nullable(AccountMode)),
    maxUsedPercent: Type.Optional(nullable(usedPercent)),
    maxConcurrent: Type.Optional(nullable(concurrent)),
  },
  { $id: 'AccountPolicyChange', additionalProperties: false },
);
export type AccountPolicyChange = Static<typeof AccountPolicyChange>;

export const AccountStatusChange = Type.Object({ status: Type.String() }, { $id: 'AccountStatusChange' });
