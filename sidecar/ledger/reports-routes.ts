/** `/api/reports`, exports and `/api/dashboard/overview` (spec/admin-api.md 10.4; spec/ui.md 19.5). */
import { Router } from 'express';
import type { Account } from '../contract/account';
import { LogExportQuery, ReportExportQuery, ReportQuery } from '../contract/reports';
import { compile } from '../contract/validate';
import type { Clock } from '../platform/clock';
import { download } from './download';
import type { LedgerService } from './ledger-service';
import { overviewOf } from './overview';
import type { ReportsService } from './reports-service';

export interface ReportRouteParts {
  readonly reports: ReportsService;
  readonly ledger: Pick<LedgerService, 'allRows'>;
  readonly accounts: () => Promise<readonly Account[]>;
  readonly clock: Clock;
}

/** Routes below `/api`; they must stand before `/logs/{id}`. */
export function reportRoutes({ reports, ledger, accounts, clock }: ReportRouteParts): Router {
  const options = { code: 'invalid_query' } as const;
  const readReport = compile(ReportQuery, 'query', options);
  const readExport = compile(ReportExportQuery, 'query', options);
  const readLogExport = compile(LogExportQuery, 'query', options);
  const router = Router();

  router.get('/dashboard/overview', async (_request, response) => {
    const [list, day] = await Promise.all([accounts(), reports.lastDay()]);
    response.json(overviewOf(list, day, clock.now()));
  });

  router.get('/reports', async (request, response) => {
    response.json(await reports.report(readReport(request.query)));
  });

  router.get('/reports/export', async (request, response) => {
    const { format = 'csv', ...query } = readExport(request.query);
    const rows = await reports.rows(query);
    await download(response, { format, name: 'tightrope-report' }, onePage(rows));
  });

  router.get('/logs/export', async (request, response) => {
    const { format = 'csv', ...query } = readLogExport(request.query);
    await download(response, { format, name: 'tightrope-requests' }, ledger.allRows(query));
  });

  return router;
}

async function* onePage<Row>(rows: readonly Row[]): AsyncIterable<readonly Row[]> {
  yield await Promise.resolve(rows);
}
