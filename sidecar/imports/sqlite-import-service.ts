/** Takes accounts over from the database of codex-lb or of another Tightrope: preview, then apply (spec/data-security.md 10). */
import type { AccountsService } from '../accounts/accounts-service';
import type { Login } from '../accounts/auth-json';
import type { OnDuplicate } from '../accounts/account-import';
import type {
  SqliteImportAction,
  SqliteImportRequest,
  SqliteImportResult,
  SqlitePreview,
  SqlitePreviewRow,
} from '../contract/imports';
import { TightropeError, toTightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { readSourceDatabase, type SourceDatabase } from './source-database';
import { readSourceRow, type SourceAccount } from './source-row';
import type { SourceUploads } from './source-uploads';

export interface SqliteImportParts {
  readonly accounts: Pick<AccountsService, 'foreseeLogin' | 'importLogin' | 'pause'>;
  readonly uploads: SourceUploads;
  readonly logger: Logger;
}

/** Rows of a preview at most (spec/admin-api.md 6.11); an import takes more, so that no row is out of reach. */
const PREVIEW_ROWS = 2000;
const IMPORT_ROWS = 20_000;

const ON_REQUEST = 'On request.';

/** A row with what is to be done about it. */
interface PlannedRow {
  readonly account: SourceAccount;
  readonly action: SqliteImportAction;
  readonly reason: string;
}

interface Plan {
  readonly source: SourceDatabase;
  readonly rows: readonly PlannedRow[];
}

export class SqliteImportService {
  readonly #parts: SqliteImportParts;

  constructor(parts: SqliteImportParts) {
    this.#parts = parts;
  }

  /** What an import would do. Changes nothing. @throws TightropeError of the table in spec 10.1 */
  async preview(request: SqliteImportRequest): Promise<SqlitePreview> {
    const limit = request.rowLimit ?? 0;
    const { source, rows } = await this.#plan(request, limit > 0 ? Math.min(limit, PREVIEW_ROWS) : PREVIEW_ROWS);
    const count = (action: SqliteImportAction): number => rows.filter((row) => row.action === action).length;
    const needs = new Set(
      rows.map(({ account }) => (account.content.kind === 'sealed' ? account.content.needs : null)),
    );
    return {
      source: source.facts,
      totals: {
        scanned: rows.length,
        newCount: count('new'),
        updateCount: count('update'),
        skipCount: count('skip'),
        invalidCount: count('invalid'),
      },
      requiresSourceEncryptionKey: needs.has('encryption key'),
      requiresSourceDatabasePassphrase: needs.has('passphrase') || given(request.sourceDatabasePassphrase) !== null,
      rows: rows.map(previewRow),
      warnings: warningsOf(source, needs),
    };
  }

  /** Imports. A row that fails is told and does not stop the rest. @throws TightropeError as `preview`; `source_changed` */
  async apply(request: SqliteImportRequest): Promise<SqliteImportResult> {
    const limit = request.rowLimit ?? 0;
    const { source, rows } = await this.#plan(request, limit > 0 ? Math.min(limit, IMPORT_ROWS) : IMPORT_ROWS);
    assertUnchanged(request, source);
    const overrides = new Map((request.overrides ?? []).map(({ sourceRowId, action }) => [sourceRowId, action]));
    const totals = { scanned: rows.length, inserted: 0, updated: 0, skipped: 0, invalid: 0, failed: 0 };
    const results: SqliteImportResult['rows'][number][] = [];
    const warnings: string[] = [];
    for (const row of rows) {
      const { sourceRowId } = row.account;
      const result = await this.#applyRow(row, overrides.get(sourceRowId));
      totals[result.outcome] += 1;
      if (result.outcome === 'failed') warnings.push(`Row ${sourceRowId}: ${result.reason}`);
      results.push({ sourceRowId, email: row.account.email, ...result });
    }
    const known = new Set(rows.map(({ account }) => account.sourceRowId));
    for (const id of overrides.keys()) if (!known.has(id)) warnings.push(`There is no row ${id.slice(0, 80)}.`);
    if (source.facts.truncated) warnings.push(`Only the first ${rows.length} rows were read.`);
    if (totals.failed === 0) await this.#parts.uploads.discard(request.sourcePath);
    return { totals, rows: results, warnings };
  }

  async #plan(request: SqliteImportRequest, rowLimit: number): Promise<Plan> {
    const secrets = {
      encryptionKey: given(request.sourceEncryptionKey?.trim()),
      passphrase: given(request.sourceDatabasePassphrase),
    };
    const source = await readSourceDatabase({
      sourcePath: request.sourcePath.trim(),
      passphrase: secrets.passphrase,
      rowLimit,
      workFolder: await this.#parts.uploads.workFolder(),
    });
    const onDuplicate = request.importWithoutOverwrite === true ? 'skip' : 'update';
    const seen = new Set<string>();
    const rows: PlannedRow[] = [];
    for (const row of source.rows) {
      const account = readSourceRow(row, source.columns, secrets);
      rows.push(await this.#classify(account, seen, onDuplicate));
      if (account.dedupeKey !== '') seen.add(account.dedupeKey);
    }
    return { source, rows };
  }

  async #classify(account: SourceAccount, seen: ReadonlySet<string>, onDuplicate: OnDuplicate): Promise<PlannedRow> {
    const { content, dedupeKey } = account;
    if (dedupeKey !== '' && seen.has(dedupeKey)) {
      return { account, action: 'skip', reason: 'The same account came earlier in this file.' };
    }
    if (content.kind === 'invalid') return { account, action: 'invalid', reason: content.reason };
    if (content.kind === 'sealed') return { account, action: 'new', reason: content.reason };
    const foreseen = await this.#parts.accounts.foreseeLogin(content.login, onDuplicate);
    if (foreseen.action === 'skipped') return { account, action: 'skip', reason: foreseen.reason?.message ?? '' };
    return foreseen.action === 'created'
      ? { account, action: 'new', reason: 'The pool has no such account.' }
      : { account, action: 'update', reason: 'The account is in the pool; its login is replaced.' };
  }

  async #applyRow(row: PlannedRow, override: SqliteImportAction | undefined): Promise<RowResult> {
    const action = override ?? row.action;
    if (row.action === 'invalid' && action !== 'skip') return { outcome: 'invalid', reason: row.reason };
    if (action === 'skip') return { outcome: 'skipped', reason: override === undefined ? row.reason : ON_REQUEST };
    if (action === 'invalid') return { outcome: 'invalid', reason: ON_REQUEST };
    const { content, sourceRowId } = row.account;
    if (content.kind !== 'login') return { outcome: 'failed', reason: content.reason };
    try {
      return await this.#take(content.login, action, row.account.paused);
    } catch (error) {
      const { message, cause } = toTightropeError(error);
      this.#parts.logger.error('sqlite_import_row_failed', { sourceRowId, error: cause ?? error });
      return { outcome: 'failed', reason: message };
    }
  }

  /** Takes a login in, if what was chosen for it still fits the pool. */
  async #take(login: Login, action: 'new' | 'update', paused: boolean): Promise<RowResult> {
    const { accounts } = this.#parts;
    const { accountId } = await accounts.foreseeLogin(login, 'update');
    if (action === 'new' && accountId !== null) {
      return { outcome: 'failed', reason: 'The account is in the pool already: choose update or skip.' };
    }
    if (action === 'update' && accountId === null) {
      return { outcome: 'failed', reason: 'The pool has no such account to update.' };
    }
    const taken = await accounts.importLogin(login, 'update');
    if (taken.action === 'skipped') return { outcome: 'skipped', reason: taken.error?.message ?? '' };
    if (taken.action === 'created' && paused) await accounts.pause(taken.account.accountId);
    return { outcome: taken.action === 'created' ? 'inserted' : 'updated', reason: '' };
  }
}

type RowResult = Pick<SqliteImportResult['rows'][number], 'outcome' | 'reason'>;

function previewRow({ account, action, reason }: PlannedRow): SqlitePreviewRow {
  const { sourceRowId, dedupeKey, email, provider, planType, hasAccessToken, hasRefreshToken, hasIdToken } = account;
  return {
    sourceRowId,
    dedupeKey,
    email,
    provider,
    planType,
    hasAccessToken,
    hasRefreshToken,
    hasIdToken,
    action,
    reason,
  };
}

function warningsOf({ facts }: SourceDatabase, needs: ReadonlySet<string | null>): string[] {
  const warnings: string[] = [];
  if (facts.truncated) warnings.push('The file has more rows than this preview shows; an import reads them too.');
  if (needs.has('encryption key')) warnings.push('Some tokens are encrypted: give the encryption key of the source.');
  if (needs.has('passphrase')) warnings.push('Some tokens are sealed: give the database passphrase of the source.');
  warnings.push(
    'A program that goes on using these logins loses them with the first refresh, and the other way round: stop it first.',
  );
  return warnings;
}

function assertUnchanged({ schemaFingerprint, modifiedAtMs }: SqliteImportRequest, { facts }: SourceDatabase): void {
  const changed =
    (schemaFingerprint !== undefined && schemaFingerprint !== facts.schemaFingerprint) ||
    (modifiedAtMs !== undefined && modifiedAtMs !== facts.modifiedAtMs);
  if (changed) throw new TightropeError('source_changed');
}

function given(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
