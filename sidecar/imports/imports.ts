/** Everything that brings accounts in from elsewhere, put together. */
import path from 'node:path';
import type { AccountsService } from '../accounts/accounts-service';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { SettingsService } from '../settings/settings-service';
import { LoginFilesService } from './login-files-service';
import { PoolExportService } from './pool-export-service';
import { SqliteImportService } from './sqlite-import-service';
import { SourceUploads } from './source-uploads';

export interface Imports {
  readonly files: LoginFilesService;
  readonly sqlite: SqliteImportService;
  readonly uploads: SourceUploads;
  readonly pool: PoolExportService;
}

export interface ImportsOptions {
  readonly accounts: AccountsService;
  readonly dataDir: string;
  /** Folder of the Codex CLI of this machine. */
  readonly codexHome: string;
  readonly settings: SettingsService;
  readonly clock: Clock;
  readonly logger: Logger;
}

export async function openImports(options: ImportsOptions): Promise<Imports> {
  const { accounts, dataDir, codexHome, settings, clock, logger } = options;
  const uploads = await SourceUploads.open(path.join(dataDir, 'uploads'), clock);
  return {
    files: new LoginFilesService({ accounts, codexLoginFile: path.join(codexHome, 'auth.json'), clock, logger }),
    sqlite: new SqliteImportService({ accounts, uploads, logger }),
    uploads,
    pool: new PoolExportService({ accounts, settings, clock }),
  };
}
