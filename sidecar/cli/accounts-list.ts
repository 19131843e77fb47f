/** `tightrope accounts list`: the pool as a table. */
import type { Account } from '../contract/account';
import type { Call, Command } from './command';
import { configurationOf } from './configuration';
import { EXIT } from './exit-codes';
import { alignedLines } from './terminal';
import { withAdminClient } from './with-admin-client';

export const ACCOUNTS_LIST: Command = {
  words: ['accounts', 'list'],
  summary: 'List the accounts and how they are',
  details: [],
  arguments: { usage: '', least: 0, most: 0 },
  options: ['json', 'db', 'config', 'log-level'],
  run: listAccounts,
};

async function listAccounts(call: Call): Promise<number> {
  const { program, switches } = call;
  const list = await withAdminClient(program, configurationOf(call), (client) => client.list());
  if (switches.has('json')) program.terminal.out(JSON.stringify(list, null, 2));
  else if (list.accounts.length === 0) program.terminal.error('There are no accounts yet.');
  else program.terminal.out(alignedLines([HEADER, ...list.accounts.map(row)]).join('\n'));
  return EXIT.ok;
}

const HEADER = ['STATUS', 'EMAIL', 'PLAN', 'ID', 'NOTE'];

function row({ status, email, planType, accountId, reason, nextStep }: Account): string[] {
  const note = [reason, nextStep].filter((part) => part !== null && part !== '').join(' ');
  return [status, email, planType ?? '-', accountId, note];
}
