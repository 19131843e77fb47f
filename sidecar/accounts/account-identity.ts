/**
 * Which stored account a login belongs to. Identity is provider + workspace + person (design §4): two seats of one
 * workspace are two accounts, and one e-mail may own several workspaces.
 */
import type { AccountRow } from './account-row';
import type { Identity } from './identity-claims';

/** The columns that identity rests on. */
export type IdentityColumns = Pick<
  AccountRow,
  'id' | 'email' | 'chatgpt_account_id' | 'chatgpt_user_id' | 'identity_key'
>;

/** What of an identity is enough to find a row; a plan does not tell people apart. */
export type Known = Pick<Identity, 'email' | 'chatgptAccountId' | 'chatgptUserId'>;

/** Provider of ChatGPT logins. */
export const DEFAULT_PROVIDER = 'openai';

/** The unique key of a row: provider, workspace, and the person by user id, else e-mail, else the row itself. */
export function identityKey(provider: string, known: Known, rowId: string): string {
  const person = known.chatgptUserId ?? known.email?.toLowerCase() ?? rowId;
  return `${provider}|${known.chatgptAccountId ?? ''}|${person}`;
}

/**
 * Finds the row a login belongs to among the rows of its provider, in the order of spec/data-security.md 4.6. A looser
 * rule counts only when it leaves exactly one row: a guess could give one person's login to another's account.
 */
export function matchAccount<T extends IdentityColumns>(provider: string, rows: readonly T[], known: Known): T | null {
  const key = identityKey(provider, known, '');
  if (known.chatgptUserId !== null || known.email !== null) {
    const exact = rows.find((row) => row.identity_key === key);
    if (exact !== undefined) return exact;
  }
  const free = rows.filter((row) => !wouldCollide(provider, rows, row, known));
  return (
    only(free.filter((row) => sameWorkspace(row, known) && sameEmail(row, known) && compatibleUser(row, known))) ??
    only(free.filter((row) => row.chatgpt_account_id === null && samePerson(row, known))) ??
    only(free.filter((row) => sameWorkspace(row, known) && isAnonymous(row) && namesNobody(known)))
  );
}

/** Whether nothing that both sides know tells them apart. */
export function mayBeSame(row: IdentityColumns, known: Known): boolean {
  const agree = (stored: string | null, given: string | null): boolean =>
    stored === null || given === null || stored.toLowerCase() === given.toLowerCase();
  return (
    agree(row.chatgpt_account_id, known.chatgptAccountId) &&
    agree(row.chatgpt_user_id, known.chatgptUserId) &&
    agree(row.email, known.email)
  );
}

/** Known fields of the row stay, the login's own win: nothing known is ever replaced by "not known" (spec 4.6). */
export function mergeIdentity(row: IdentityColumns, known: Known): Known {
  return {
    email: known.email ?? row.email,
    chatgptAccountId: known.chatgptAccountId ?? row.chatgpt_account_id,
    chatgptUserId: known.chatgptUserId ?? row.chatgpt_user_id,
  };
}

/** Whether the row, once it knows what the login knows, would be the same account as another row. */
function wouldCollide(provider: string, rows: readonly IdentityColumns[], row: IdentityColumns, known: Known): boolean {
  const merged = identityKey(provider, mergeIdentity(row, known), row.id);
  return rows.some((other) => other.id !== row.id && other.identity_key === merged);
}

function sameWorkspace(row: IdentityColumns, known: Known): boolean {
  return known.chatgptAccountId !== null && row.chatgpt_account_id === known.chatgptAccountId;
}

function sameEmail(row: IdentityColumns, known: Known): boolean {
  return known.email !== null && row.email?.toLowerCase() === known.email.toLowerCase();
}

/** Not known to be two different people. */
function compatibleUser(row: IdentityColumns, known: Known): boolean {
  return row.chatgpt_user_id === null || known.chatgptUserId === null || row.chatgpt_user_id === known.chatgptUserId;
}

function samePerson(row: IdentityColumns, known: Known): boolean {
  const sameUser = known.chatgptUserId !== null && row.chatgpt_user_id === known.chatgptUserId;
  return sameUser || (sameEmail(row, known) && compatibleUser(row, known));
}

function isAnonymous(row: IdentityColumns): boolean {
  return row.email === null && row.chatgpt_user_id === null;
}

function namesNobody(known: Known): boolean {
  return known.email === null && known.chatgptUserId === null;
}

function only<T>(rows: readonly T[]): T | null {
  return rows.length === 1 ? (rows[0] ?? null) : null;
}
