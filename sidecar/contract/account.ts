/** Accounts on the wire (spec/admin-api.md 6.1; design §10). */
import { Type, type Static } from '@sinclair/typebox';
import { QuotaWindow } from './quota';
import type { RouteContract } from './route-contract';
import type { ErrorCode } from '../platform/errors';

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

/** `POST /api/accounts/migrate-token-storage`: what was found in the clear, and sealed (spec/admin-api.md 6.10). */
const MigrationQuery = Type.Object({ dryRun: Type.Optional(Type.String()) }, { $id: 'TokenMigrationQuery' });
const Migration = Type.Object(
  {
    scannedAccounts: Type.Integer(),
    plaintextAccounts: Type.Integer(),
    plaintextTokens: Type.Integer(),
    migratedAccounts: Type.Integer(),
    migratedTokens: Type.Integer(),
    failedAccounts: Type.Integer(),
    dryRun: Type.Boolean(),
    strictModeEnabled: Type.Boolean(),
    migratePlaintextOnReadEnabled: Type.Boolean(),
  },
  { $id: 'TokenMigration' },
);

const tag = 'accounts';
const ofAccount = (action: string, summary: string, errors: readonly ErrorCode[] = []): RouteContract => ({
  method: 'POST',
  path: `/api/accounts/{id}/${action}`,
  tag,
  summary,
  answers: { 200: AccountStatusChange },
  errors: ['account_not_found', ...errors],
});

export const accountRoutes: readonly RouteContract[] = [
  { method: 'GET', path: '/api/accounts', tag, summary: 'List the accounts', answers: { 200: AccountList } },
  {
    method: 'POST',
    path: '/api/accounts/import',
    tag,
    summary: 'Import one Codex login or an array of them, or make a row without a login',
    body: AccountImportRequest,
    answers: { 200: Type.Union([Account, AccountImportResults]), 201: Account },
    errors: ['invalid_account_import', 'auth_json_api_key_only', 'auth_json_missing_tokens'],
  },
  {
    method: 'POST',
    path: '/api/accounts/migrate-token-storage',
    tag,
    summary: 'Seal what is stored in the clear, or only look for it',
    query: MigrationQuery,
    answers: { 200: Migration },
    errors: ['invalid_query'],
  },
  {
    method: 'GET',
    path: '/api/accounts/{id}',
    tag,
    summary: 'Read one account',
    answers: { 200: Account },
    errors: ['account_not_found'],
  },
  {
    method: 'PATCH',
    path: '/api/accounts/{id}',
    tag,
    summary: 'Set alias, tags, mode and bounds of an account',
    body: AccountPolicyChange,
    answers: { 200: Account },
    errors: ['account_not_found', 'invalid_field'],
  },
  {
    method: 'DELETE',
    path: '/api/accounts/{id}',
    tag,
    summary: 'Delete an account with its login',
    answers: { 200: AccountStatusChange },
    errors: ['account_not_found'],
  },
  ofAccount('pin', 'Send every request to this account', ['account_not_active']),
  ofAccount('unpin', 'Let routing choose again'),
  ofAccount('pause', 'Take an account out of rotation'),
  ofAccount('reactivate', 'Bring an account back into rotation'),
  {
    method: 'POST',
    path: '/api/accounts/{id}/refresh-token',
    tag,
    summary: 'Renew the login of an account now',
    answers: { 200: Account },
    errors: ['account_not_found', 'account_token_refresh_unavailable', 'token_refresh_failed'],
  },
];
