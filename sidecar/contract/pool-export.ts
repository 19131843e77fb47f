/** The sealed export of a pool on the wire, and what lies inside it. */
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { AccountImportAction, AccountMode } from './account';
import type { RouteContract } from './route-contract';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = nullable(Type.String());
const token = Type.String({ minLength: 1, maxLength: 16_384, pattern: '^[\\x21-\\x7e]+$' });

/** One login with what people have set for it. */
export const ExportedLogin = Type.Object(
  {
    email: text,
    chatgptAccountId: nullable(Type.String({ maxLength: 256, pattern: '^[\\x21-\\x7e]*$' })),
    planType: text,
    accessToken: token,
    refreshToken: nullable(token),
    idToken: nullable(token),
    lastRefreshAtMs: nullable(Type.Integer()),
    paused: Type.Boolean(),
    alias: text,
    tags: Type.Array(Type.String()),
    mode: AccountMode,
    maxUsedPercent: nullable(Type.Integer()),
    maxConcurrent: nullable(Type.Integer()),
  },
  { $id: 'ExportedLogin' },
);
export type ExportedLogin = Static<typeof ExportedLogin>;

/** What is sealed. Later versions add fields; a reader ignores those it does not know. */
export const PoolBundle = Type.Object(
  {
    version: Type.Literal(1),
    exportedAtMs: Type.Integer(),
    accounts: Type.Array(ExportedLogin, { maxItems: 10_000 }),
    settings: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'PoolBundle' },
);
export type PoolBundle = Static<typeof PoolBundle>;

/** Short ones could be guessed from a file that may lie anywhere. */
const newPassphrase = Type.String({ minLength: 8, maxLength: 1024 });

export const PoolExportRequest = Type.Object({ passphrase: newPassphrase }, { $id: 'PoolExportRequest' });

export const PoolExport = Type.Object(
  { sealed: Type.String(), exportedAtMs: Type.Integer(), accounts: Type.Integer() },
  { $id: 'PoolExport' },
);
export type PoolExport = Static<typeof PoolExport>;

export const PoolImportRequest = Type.Object(
  {
    sealed: Type.String({ minLength: 1 }),
    passphrase: Type.String({ minLength: 1, maxLength: 1024 }),
    /** @default 'skip': nothing that is there is overwritten unasked */
    onDuplicate: Type.Optional(Type.Union([Type.Literal('update'), Type.Literal('skip')])),
    withSettings: Type.Optional(Type.Boolean()),
    dryRun: Type.Optional(Type.Boolean()),
  },
  { $id: 'PoolImportRequest' },
);

export const PoolImportRow = Type.Object(
  {
    email: text,
    action: AccountImportAction,
    accountId: text,
    error: nullable(Type.Object({ code: Type.String(), message: Type.String() })),
  },
  { $id: 'PoolImportRow' },
);
export type PoolImportRow = Static<typeof PoolImportRow>;

export const PoolImportResult = Type.Object(
  {
    dryRun: Type.Boolean(),
    exportedAtMs: Type.Integer(),
    settingsTaken: Type.Boolean(),
    results: Type.Array(PoolImportRow),
  },
  { $id: 'PoolImportResult' },
);
export type PoolImportResult = Static<typeof PoolImportResult>;

export const poolExportRoutes: readonly RouteContract[] = [
  {
    method: 'POST',
    path: '/api/export',
    tag: 'imports',
    summary: 'Export every login and the settings, sealed under a passphrase',
    body: PoolExportRequest,
    answers: { 200: PoolExport },
  },
  {
    method: 'POST',
    path: '/api/import',
    tag: 'imports',
    summary: 'Import a sealed export of another Tightrope, or only look at it',
    body: PoolImportRequest,
    answers: { 200: PoolImportResult },
    errors: ['pool_export_unreadable'],
  },
];
