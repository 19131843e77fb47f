/** `tightrope accounts import FILE…`: puts logins of Codex `auth.json` files into the pool. */
import type { Account, AccountImportResult } from '../contract/account';
import { TightropeError } from '../platform/errors';
import type { AdminClient } from './admin-client';
import type { Call, Command } from './command';
import { configurationOf } from './configuration';
import { EXIT } from './exit-codes';
import { importBatches } from './import-batches';
import { readLoginFile, type LoginFile } from './login-file';
import { withAdminClient } from './with-admin-client';

export const ACCOUNTS_IMPORT: Command = {
  words: ['accounts', 'import'],
  summary: 'Import logins from Codex auth.json files',
  details: [
    'FILE holds one auth.json or an array of them; - is stdin. A login that is there already is updated unless the pool',
    'holds a newer one. A file that cannot be used does not stop the others; the exit code is 1 then.',
  ],
  arguments: { usage: 'FILE…', least: 1, most: Infinity },
  options: ['skip-existing', 'json', 'db', 'config', 'log-level'],
  run: importAccounts,
};

/** What became of one login. */
interface Entry {
  readonly file: string;
  /** Position in the file, from 0; `null` = the file as a whole. */
  readonly index: number | null;
  readonly action: AccountImportResult['action'];
  readonly account?: Account;
  readonly error?: { readonly code: string; readonly message: string };
}

const ACTIONS = ['created', 'updated', 'skipped', 'invalid'] as const;

async function importAccounts(call: Call): Promise<number> {
  const { program, positionals, switches } = call;
  const loaded = configurationOf(call);
  const onDuplicate = switches.has('skip-existing') ? 'skip' : 'update';
  const asJson = switches.has('json');
  const entries: Entry[] = [];
  const add = (added: readonly Entry[]): void => {
    entries.push(...added);
    if (!asJson) for (const entry of added) program.terminal.out(lineOf(entry));
  };
  const files = await readAll(positionals, program.terminal.stdin);
  const importAll = async (client: AdminClient | null): Promise<void> => {
    for (const { file, content } of files) {
      if (client !== null && 'logins' in content) await importFile(client, file, content, onDuplicate, add);
      add(unusable({ file, content }));
    }
  };
  // Without a single login there is no reason to open, and maybe create, a data directory.
  if (files.every((file) => unusable(file).length > 0)) await importAll(null);
  else await withAdminClient(program, loaded, importAll);
  if (asJson) program.terminal.out(JSON.stringify({ results: entries }, null, 2));
  else program.terminal.error(summary(entries));
  return entries.some(({ action }) => action === 'invalid') ? EXIT.failure : EXIT.ok;
}

type Logins = Extract<LoginFile, { readonly isArray: boolean }>;

interface NamedFile {
  readonly file: string;
  readonly content: LoginFile;
}

/** Before anything is opened: stdin may take its time, and a data directory should not be held meanwhile. */
async function readAll(files: readonly string[], stdin: AsyncIterable<Buffer | string>): Promise<NamedFile[]> {
  const contents: NamedFile[] = [];
  for (const file of files) contents.push({ file, content: await readLoginFile(file, stdin) });
  return contents;
}

function unusable({ file, content }: NamedFile): Entry[] {
  if ('logins' in content && content.logins.length > 0) return [];
  const message = 'problem' in content ? content.problem : 'holds no logins';
  return [{ file, index: null, action: 'invalid', error: { code: 'invalid_account_import', message } }];
}

async function importFile(
  client: AdminClient,
  file: string,
  content: Logins,
  onDuplicate: 'update' | 'skip',
  add: (entries: readonly Entry[]) => void,
): Promise<void> {
  let done = 0;
  for (const batch of importBatches(content.logins)) {
    const first = done;
    const results = await importBatch(client, batch, onDuplicate);
    add(results.map(({ index, ...result }) => ({ file, index: content.isArray ? first + index : null, ...result })));
    done += batch.length;
  }
}

/** A login that the route does not take costs only its own batch; any other failure ends the command. */
async function importBatch(
  client: AdminClient,
  batch: readonly unknown[],
  onDuplicate: 'update' | 'skip',
): Promise<readonly AccountImportResult[]> {
  try {
    return await client.importLogins(batch, onDuplicate);
  } catch (error) {
    if (!(error instanceof TightropeError) || !['payload_too_large', 'invalid_account_import'].includes(error.code))
      throw error;
    const { code, message } = error;
    return batch.map((_login, index) => ({ index, action: 'invalid', error: { code, message } }));
  }
}

function lineOf({ file, index, action, account, error }: Entry): string {
  const place = index === null ? file : `${file}[${index}]`;
  const who = account === undefined ? '' : `  ${account.email}  ${account.accountId}`;
  return `${action}${who}  ${place}${error === undefined ? '' : `: ${error.message}`}`;
}

function summary(entries: readonly Entry[]): string {
  return ACTIONS.map((action) => `${entries.filter((entry) => entry.action === action).length} ${action}`).join(', ');
}
