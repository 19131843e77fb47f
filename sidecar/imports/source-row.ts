/** One row of another program's accounts, classified as far as it can be without looking at the pool (spec/data-security.md 10.2, 10.3). */
import { parseAuthJson, type Login } from '../accounts/auth-json';
import { messageOf } from '../platform/thrown';
import type { SqliteRow } from '../platform/sqlite-connection';
import { readSourceToken, type SourceSecrets } from './source-token';

/** What a row says of itself, tokens aside. */
interface SourceFactsOfRow {
  readonly sourceRowId: string;
  readonly dedupeKey: string;
  readonly email: string | null;
  readonly provider: string | null;
  readonly planType: string | null;
  readonly paused: boolean;
  readonly hasAccessToken: boolean;
  readonly hasRefreshToken: boolean;
  readonly hasIdToken: boolean;
}

export interface SourceAccount extends SourceFactsOfRow {
  readonly content:
    | { readonly kind: 'login'; readonly login: Login }
    /** Its tokens are sealed and what opens them is missing. */
    | { readonly kind: 'sealed'; readonly needs: 'encryption key' | 'passphrase'; readonly reason: string }
    | { readonly kind: 'invalid'; readonly reason: string };
}

const PROVIDER = 'openai';
const TOKEN_COLUMNS = {
  access_token: 'access_token_encrypted',
  refresh_token: 'refresh_token_encrypted',
  id_token: 'id_token_encrypted',
} as const;

type TokenName = keyof typeof TOKEN_COLUMNS;
const TOKEN_NAMES: readonly TokenName[] = ['access_token', 'refresh_token', 'id_token'];

export function readSourceRow(row: SqliteRow, columns: ReadonlySet<string>, secrets: SourceSecrets): SourceAccount {
  const facts = readFacts(row, columns);
  const fault = faultOf(facts);
  return { ...facts, content: fault === null ? readContent(row, facts, secrets) : { kind: 'invalid', reason: fault } };
}

function readFacts(row: SqliteRow, columns: ReadonlySet<string>): SourceFactsOfRow {
  const email = text(row['email'])?.toLowerCase() ?? null;
  const provider = columns.has('provider') ? (text(row['provider'])?.toLowerCase() ?? null) : PROVIDER;
  return {
    sourceRowId: text(row['id']) ?? String(row['source_rowid']),
    dedupeKey: dedupeKey(text(row['chatgpt_account_id']), email, provider),
    email,
    provider,
    planType: text(row['plan_type'])?.toLowerCase() ?? null,
    paused: text(row['status'])?.toLowerCase() === 'paused',
    hasAccessToken: storedToken(row, 'access_token') !== null,
    hasRefreshToken: storedToken(row, 'refresh_token') !== null,
    hasIdToken: storedToken(row, 'id_token') !== null,
  };
}

/** Why a row cannot become an account whatever its tokens hold; `null` when it can. */
function faultOf(facts: SourceFactsOfRow): string | null {
  if (facts.dedupeKey === '') return 'The row names neither a ChatGPT account nor an e-mail.';
  if (facts.provider !== PROVIDER) return `Logins of ${facts.provider ?? 'an unnamed provider'} cannot be used.`;
  if (facts.hasAccessToken) return null;
  return facts.hasRefreshToken || facts.hasIdToken ? 'The row has no access token.' : 'The row has no tokens.';
}

function readContent(row: SqliteRow, facts: SourceFactsOfRow, secrets: SourceSecrets): SourceAccount['content'] {
  const plain: Partial<Record<TokenName, string>> = {};
  let sealed: SourceAccount['content'] | null = null;
  for (const name of TOKEN_NAMES) {
    const stored = storedToken(row, name);
    if (stored === null) continue;
    const token = readSourceToken(stored, secrets);
    if (token.kind === 'plain') plain[name] = token.text;
    else if (token.kind === 'needs') sealed ??= { kind: 'sealed', needs: token.what, reason: needText(token.what) };
    else return { kind: 'invalid', reason: `The ${name.replaceAll('_', ' ')} cannot be read: ${token.reason}.` };
  }
  if (sealed !== null) return sealed;
  const chatgptAccountId = text(row['chatgpt_account_id']);
  const { email, planType } = facts;
  try {
    const login = toLogin(plain, chatgptAccountId, row['last_refresh']);
    return { kind: 'login', login: { ...login, fallback: { email, chatgptAccountId, planType } } };
  } catch (error) {
    return { kind: 'invalid', reason: messageOf(error) };
  }
}

function needText(what: string): string {
  return `Its tokens are encrypted: give the source's ${what} and scan again.`;
}

/** A login without refresh token is legal here; the reader of auth.json files wants one. */
function toLogin(
  plain: Partial<Record<TokenName, string>>,
  accountId: string | null,
  lastRefresh: SqliteRow[string] | undefined,
): Login {
  const file = (refreshToken: string) => ({
    tokens: { ...plain, refresh_token: refreshToken, account_id: accountId },
    last_refresh: typeof lastRefresh === 'string' ? lastRefresh : null,
  });
  if (plain.refresh_token !== undefined) return parseAuthJson(file(plain.refresh_token));
  return { ...parseAuthJson(file('none')), refreshToken: null };
}

function storedToken(row: SqliteRow, name: TokenName): string | null {
  return text(row[TOKEN_COLUMNS[name]]);
}

function dedupeKey(accountId: string | null, email: string | null, provider: string | null): string {
  // Two seats of one workspace share the account id: the person belongs to the key (spec 10.4, "Team members").
  if (accountId !== null) return `chatgpt_account_id:${accountId}${email === null ? '' : `|${email}`}`;
  return email === null || provider === null ? '' : `email_provider:${email}|${provider}`;
}

/** Trimmed text of a column; numbers and the bytes of a BLOB count as text, blank as absent. */
function text(value: SqliteRow[string] | undefined): string | null {
  if (value === undefined || value === null) return null;
  const found = (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)).trim();
  return found === '' ? null : found;
}
