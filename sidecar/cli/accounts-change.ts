/** `tightrope accounts pause|reactivate|remove ID|EMAIL`. */
import type { Account } from '../contract/account';
import { nearestName } from '../config/nearest-name';
import { TightropeError } from '../platform/errors';
import type { AdminClient } from './admin-client';
import type { Call, Command } from './command';
import { configurationOf } from './configuration';
import { EXIT } from './exit-codes';
import { withAdminClient } from './with-admin-client';

interface Change {
  readonly verb: 'pause' | 'reactivate' | 'remove';
  readonly summary: string;
  readonly details: readonly string[];
  /** What the line about it says. */
  readonly done: string;
}

const CHANGES: readonly Change[] = [
  { verb: 'pause', summary: 'Keep an account, but give it no new turns', details: [], done: 'paused' },
  { verb: 'reactivate', summary: 'Put a paused or blocked account back to work', details: [], done: 'reactivated' },
  {
    verb: 'remove',
    summary: 'Delete an account and its stored login',
    details: ['Its rows in the request log stay, without the account. Import the login again to bring it back.'],
    done: 'removed',
  },
];

/** The three commands. */
export const ACCOUNTS_CHANGES: readonly Command[] = CHANGES.map((change) => ({
  words: ['accounts', change.verb],
  summary: change.summary,
  details: change.details,
  arguments: { usage: 'ID|EMAIL', least: 1, most: 1 },
  options: ['db', 'config', 'log-level'],
  run: (call: Call) => changeAccount(call, change),
}));

async function changeAccount(call: Call, { verb, done }: Change): Promise<number> {
  const { program, positionals } = call;
  const account = await withAdminClient(program, configurationOf(call), async (client) => {
    const found = await accountNamed(client, positionals[0] ?? '');
    await client[verb](found.accountId);
    return found;
  });
  program.terminal.out(`${done}  ${account.email}  ${account.accountId}`);
  return EXIT.ok;
}

/** By id, else by e-mail in any case; one e-mail may own several accounts, and then only an id will do. */
async function accountNamed(client: AdminClient, name: string): Promise<Account> {
  const { accounts } = await client.list();
  const byId = accounts.find(({ accountId }) => accountId === name.toLowerCase());
  if (byId !== undefined) return byId;
  const byEmail = accounts.filter(({ email }) => email.toLowerCase() === name.toLowerCase());
  const [only] = byEmail;
  if (only !== undefined && byEmail.length === 1) return only;
  throw new TightropeError('account_not_found', {
    message:
      only === undefined
        ? `No account has the id or e-mail ${name}.${suggestion(name, accounts)}`
        : `${byEmail.length} accounts have the e-mail ${name}. Name one by its id: ${byEmail.map(describe).join(', ')}.`,
  });
}

function suggestion(name: string, accounts: readonly Account[]): string {
  const like = nearestName(
    name,
    accounts.map(({ email }) => email),
  );
  return like === null ? '' : ` Did you mean ${like}?`;
}

function describe({ accountId, planType }: Account): string {
  return planType === null ? accountId : `${accountId} (${planType})`;
}
