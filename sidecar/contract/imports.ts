/** Import from other programs' databases on the wire (spec/admin-api.md 6.11, 6.12, 11.5). */
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = nullable(Type.String());
const count = Type.Integer({ minimum: 0 });

export const SqliteImportAction = Type.Union(
  [Type.Literal('new'), Type.Literal('update'), Type.Literal('skip'), Type.Literal('invalid')],
  { $id: 'SqliteImportAction' },
);
export type SqliteImportAction = Static<typeof SqliteImportAction>;

const source = {
  /** Absolute path on the machine of the sidecar, or what an upload gave. */
  sourcePath: Type.String({ minLength: 1, maxLength: 4096 }),
  sourceEncryptionKey: Type.Optional(Type.String({ maxLength: 256 })),
  sourceDatabasePassphrase: Type.Optional(Type.String({ maxLength: 1024 })),
  importWithoutOverwrite: Type.Optional(Type.Boolean()),
  rowLimit: Type.Optional(Type.Integer()),
};

export const SqlitePreviewRequest = Type.Object(source, { $id: 'SqlitePreviewRequest' });

export const SqliteImportRequest = Type.Object(
  {
    ...source,
    overrides: Type.Optional(
      Type.Array(Type.Object({ sourceRowId: Type.String({ minLength: 1 }), action: SqliteImportAction }), {
        maxItems: 20_000,
      }),
    ),
    /** As the preview gave them; another file by then is refused. */
    schemaFingerprint: Type.Optional(Type.String()),
    modifiedAtMs: Type.Optional(Type.Integer()),
  },
  { $id: 'SqliteImportRequest' },
);
export type SqliteImportRequest = Static<typeof SqliteImportRequest>;

export const SqlitePreviewRow = Type.Object(
  {
    sourceRowId: Type.String(),
    dedupeKey: Type.String(),
    email: text,
    provider: text,
    planType: text,
    hasAccessToken: Type.Boolean(),
    hasRefreshToken: Type.Boolean(),
    hasIdToken: Type.Boolean(),
    action: SqliteImportAction,
    reason: Type.String(),
  },
  { $id: 'SqlitePreviewRow' },
);
export type SqlitePreviewRow = Static<typeof SqlitePreviewRow>;

export const SqlitePreview = Type.Object(
  {
    source: Type.Object({
      path: Type.String(),
      fileName: Type.String(),
      sizeBytes: count,
      modifiedAtMs: Type.Integer(),
      schemaFingerprint: Type.String(),
      truncated: Type.Boolean(),
    }),
    totals: Type.Object({
      scanned: count,
      newCount: count,
      updateCount: count,
      skipCount: count,
      invalidCount: count,
    }),
    requiresSourceEncryptionKey: Type.Boolean(),
    requiresSourceDatabasePassphrase: Type.Boolean(),
    rows: Type.Array(SqlitePreviewRow),
    warnings: Type.Array(Type.String()),
  },
  { $id: 'SqlitePreview' },
);
export type SqlitePreview = Static<typeof SqlitePreview>;

export const SqliteImportResult = Type.Object(
  {
    totals: Type.Object({
      scanned: count,
      inserted: count,
      updated: count,
      skipped: count,
      invalid: count,
      failed: count,
    }),
    rows: Type.Array(
      Type.Object({
        sourceRowId: Type.String(),
        email: text,
        outcome: Type.Union([
          Type.Literal('inserted'),
          Type.Literal('updated'),
          Type.Literal('skipped'),
          Type.Literal('invalid'),
          Type.Literal('failed'),
        ]),
        /** Why it was left out; empty when it was taken. */
        reason: Type.String(),
      }),
    ),
    warnings: Type.Array(Type.String()),
  },
  { $id: 'SqliteImportResult' },
);
export type SqliteImportResult = Static<typeof SqliteImportResult>;

export const SourceUpload = Type.Object(
  { sourcePath: Type.String(), fileName: Type.String(), sizeBytes: count, expiresAtMs: Type.Integer() },
  { $id: 'SourceUpload' },
);
export type SourceUpload = Static<typeof SourceUpload>;

/** One login of a file; with `dryRun` the action is what would be done. */
export const LoginFileRow = Type.Object(
  {
    file: Type.String(),
    index: count,
    action: Type.Union([
      Type.Literal('created'),
      Type.Literal('updated'),
      Type.Literal('skipped'),
      Type.Literal('invalid'),
    ]),
    email: text,
    chatgptAccountId: text,
    planType: text,
    /** The account it went to or would go to; `null` = none yet. */
    accountId: text,
    expiresAtMs: nullable(Type.Integer()),
    /** Whether its access token is over; its refresh token may still work. */
    expired: Type.Boolean(),
    /** Something to know before importing it. */
    warning: text,
    /** Why it was skipped or cannot be used. */
    error: nullable(Type.Object({ code: Type.String(), message: Type.String() })),
  },
  { $id: 'LoginFileRow' },
);
export type LoginFileRow = Static<typeof LoginFileRow>;

export const LoginFilesQuery = Type.Object(
  {
    onDuplicate: Type.Optional(Type.Union([Type.Literal('update'), Type.Literal('skip')])),
    dryRun: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
  },
  { $id: 'LoginFilesQuery' },
);

export const LoginFilesResult = Type.Object(
  { dryRun: Type.Boolean(), results: Type.Array(LoginFileRow) },
  { $id: 'LoginFilesResult' },
);
export type LoginFilesResult = Static<typeof LoginFilesResult>;

const SOURCE_ERRORS = [
  'invalid_request_payload',
  'invalid_source_path',
  'source_db_not_found',
  'source_db_open_failed',
  'source_db_passphrase_required',
  'source_db_passphrase_invalid',
  'source_schema_unsupported',
] as const;

export const importsRoutes: readonly RouteContract[] = [
  {
    method: 'POST',
    path: '/api/accounts/import/files',
    tag: 'imports',
    summary: 'Import logins from files and zip archives (multipart/form-data), or only look at them',
    query: LoginFilesQuery,
    answers: { 200: LoginFilesResult },
    errors: ['empty_upload', 'payload_too_large', 'unsupported_media_type'],
  },
  {
    method: 'POST',
    path: '/api/accounts/import/sqlite/upload',
    tag: 'imports',
    summary: 'Upload a database (application/octet-stream) to look at it',
    answers: { 201: SourceUpload },
    errors: ['empty_upload', 'payload_too_large', 'unsupported_media_type', 'conflict'],
  },
  {
    method: 'POST',
    path: '/api/accounts/import/sqlite/preview',
    tag: 'imports',
    summary: 'Say what an import of a database would do',
    body: SqlitePreviewRequest,
    answers: { 200: SqlitePreview },
    errors: SOURCE_ERRORS,
  },
  {
    method: 'POST',
    path: '/api/accounts/import/sqlite/apply',
    tag: 'imports',
    summary: 'Import accounts from a database',
    body: SqliteImportRequest,
    answers: { 200: SqliteImportResult },
    errors: [...SOURCE_ERRORS, 'source_changed'],
  },
];
