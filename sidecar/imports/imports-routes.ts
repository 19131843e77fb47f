/** `/api/accounts/import/files` and `/api/accounts/import/sqlite/*` (spec/admin-api.md 6.11, 6.12, 11.5). */
import { Router } from 'express';
import { LoginFilesQuery, SqliteImportRequest, SqlitePreviewRequest } from '../contract/imports';
import { withoutNulls } from '../contract/null-as-absent';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import type { LoginFilesService } from './login-files-service';
import { readFormFiles } from './read-files';
import type { SqliteImportService } from './sqlite-import-service';
import type { SourceUploads } from './source-uploads';

const OCTETS = 'application/octet-stream';

export interface ImportsRouteParts {
  readonly files: LoginFilesService;
  readonly sqlite: SqliteImportService;
  readonly uploads: SourceUploads;
}

/** Routes below `/api`. The bodies of uploads come unread. */
export function importsRoutes({ files, sqlite, uploads }: ImportsRouteParts): Router {
  const readQuery = compile(LoginFilesQuery, 'query', { code: 'invalid_query' });
  const options = { code: 'invalid_request_payload' } as const;
  const readPreview = compile(SqlitePreviewRequest, 'body', options);
  const readApply = compile(SqliteImportRequest, 'body', options);
  const router = Router();

  router.post('/accounts/import/files', async (request, response) => {
    const { onDuplicate = 'update', dryRun } = readQuery(request.query);
    const given = await readFormFiles(request);
    response.json(await files.run({ files: given, onDuplicate, dryRun: dryRun === 'true' }));
  });

  router.post('/accounts/import/sqlite/upload', async (request, response) => {
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
    if (type !== OCTETS) {
      throw new TightropeError('unsupported_media_type', { message: `Send the file as ${OCTETS}.` });
    }
    const name = request.headers['x-file-name'];
    response.status(201).json(await uploads.take(request, typeof name === 'string' ? name : ''));
  });

  router.post('/accounts/import/sqlite/preview', async (request, response) => {
    response.json(await sqlite.preview(readPreview(withoutNulls(request.body))));
  });

  router.post('/accounts/import/sqlite/apply', async (request, response) => {
    response.json(await sqlite.apply(readApply(withoutNulls(request.body))));
  });

  return router;
}
