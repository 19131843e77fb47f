/** `POST /api/export` and `POST /api/import`: a pool moves between two Tightropes. */
import { Router } from 'express';
import { withoutNulls } from '../contract/null-as-absent';
import { PoolExportRequest, PoolImportRequest } from '../contract/pool-export';
import { compile } from '../contract/validate';
import type { PoolExportService } from './pool-export-service';

/** Routes below `/api`. */
export function poolExportRoutes(pool: PoolExportService): Router {
  const readExport = compile(PoolExportRequest, 'body');
  const readImport = compile(PoolImportRequest, 'body');
  const router = Router();

  router.post('/export', async (request, response) => {
    response.json(await pool.export(readExport(withoutNulls(request.body)).passphrase));
  });

  router.post('/import', async (request, response) => {
    const body = readImport(withoutNulls(request.body));
    const { onDuplicate = 'skip', withSettings = false, dryRun = false } = body;
    const { sealed, passphrase } = body;
    response.json(await pool.import({ sealed, passphrase, onDuplicate, withSettings, dryRun }));
  });

  return router;
}
