/** Copies of the database on the wire. A pool with its logins moves by `POST /api/export` instead: that is sealed. */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

/** One copy in `<data directory>/backups`. */
export const Backup = Type.Object(
  {
    name: Type.String(),
    sizeBytes: Type.Integer(),
    createdAt: Type.String({ format: 'date-time' }),
    createdAtMs: Type.Integer(),
  },
  { $id: 'Backup', additionalProperties: false },
);
export type Backup = Static<typeof Backup>;

export const BackupList = Type.Object({ backups: Type.Array(Backup) }, { $id: 'BackupList' });
export const RestoreRequest = Type.Object({ name: Type.String({ maxLength: 64 }) }, { $id: 'RestoreRequest' });
export const RestorePending = Type.Object(
  { status: Type.Literal('restart_required'), name: Type.String() },
  { $id: 'RestorePending' },
);

const tag = 'backup';

export const backupRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/backup',
    tag,
    summary: 'List the copies of the database, newest first',
    answers: { 200: BackupList },
  },
  {
    method: 'POST',
    path: '/api/backup',
    tag,
    summary: 'Copy the database while everything goes on; the ten newest copies are kept',
    answers: { 201: Backup },
    errors: ['db_backup_failed'],
  },
  {
    method: 'POST',
    path: '/api/restore',
    tag,
    summary: 'Check a copy and put it in place at the next start; the present database is kept beside it',
    body: RestoreRequest,
    answers: { 202: RestorePending },
    errors: ['backup_not_found', 'db_corrupt', 'db_foreign', 'db_backup_failed'],
  },
];
