/** Puts logins into the pool: finds out whose they are, whether they are newer than what is there, and stores them. */
import type { Knex } from 'knex';
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import { uuidv7 } from '../platform/ids';
import type { Vault } from '../vault/vault';
import type { PublishEvent } from './account-events';
import { isLoginDead, REVIVED } from './account-health';
import { DEFAULT_PROVIDER, identityKey, matchAccount, mayBeSame, mergeIdentity, type Known } from './account-identity';
import { accountLabel } from './account-label';
import { blankRow, type AccountPatch, type AccountRow, type AccountTokens } from './account-row';
import type { AccountsStore } from './accounts-store';
import { parseAuthJson, type Login } from './auth-json';
import { readIdentity, readTokenLife, type Identity, type TokenLife } from './identity-claims';
import { isOlderLogin } from './login-age';
import type { RunTransaction } from './login-writer';
import { loadEntry } from './roster-loading';
import type { Roster, RosterEntry } from './roster';
import { sealTokens } from './token-sealing';

/** What to do about a login whose account is there already. */
export type OnDuplicate = 'update' | 'skip';

/** Why a login was left out. */
export interface SkipReason {
  readonly code: 'already_imported' | 'older_login';
  readonly message: string;
}

export interface ImportOutcome {
  readonly action: 'created' | 'updated' | 'skipped';
  readonly entry: RosterEntry;
  /** Set when skipped. */
  readonly reason?: SkipReason;
}

export interface AccountImportOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly vault: Vault;
  readonly nodeId: string;
  readonly clock: Clock;
  readonly publish: PublishEvent;
}

/** What would be done with a login. */
export interface ForeseenImport {
  readonly action: ImportOutcome['action'];
  /** The account it would go to, `null` = a new one. */
  readonly accountId: string | null;
  readonly identity: Identity;
  /** UTC ms at which its access token ends, `null` = it does not say. */
  readonly expiresAtMs: number | null;
  readonly reason?: SkipReason;
}

/** How a login is taken in. */
export interface TakingRules {
  readonly onDuplicate: OnDuplicate;
  /** Just issued by the provider: newer than whatever is there. @default false */
  readonly fresh?: boolean;
  /** The only account that may get it; `null` = whose it is. @default null */
  readonly only?: string | null;
}

/** A login with everything that is known about it. */
interface Newcomer {
  readonly login: Login;
  readonly identity: Identity;
  readonly life: TokenLife;
  readonly lastRefreshAtMs: number;
}

/** What a transaction did; `row` as it is now. */
type Placed =
  | { readonly action: 'created' | 'updated'; readonly row: AccountRow }
  | { readonly action: 'skipped'; readonly row: AccountRow; readonly reason: SkipReason };

type Decision =
  { readonly row: null; readonly skip: null } | { readonly row: AccountRow; readonly skip: SkipReason | null };

const ALREADY: SkipReason = { code: 'already_imported', message: 'This account is in the pool already.' };
const OLDER: SkipReason = {
  code: 'older_login',
  message: 'The pool holds a newer login of this account; the older one was left out.',
};

export class AccountImport {
  readonly #options: AccountImportOptions;

  constructor(options: AccountImportOptions) {
    this.#options = options;
  }

  /**
   * Imports one `auth.json`, object or text.
   *
   * @throws TightropeError from `parseAuthJson`; the database's error when it does not take the account.
   */
  async login(authJson: unknown, onDuplicate: OnDuplicate): Promise<ImportOutcome> {
    return this.take(parseAuthJson(authJson), { onDuplicate });
  }

  /** Takes a login in. @throws TightropeError `account_mismatch`, `account_not_found` when it is not the one that was asked for */
  async take(login: Login, rules: TakingRules): Promise<ImportOutcome> {
    const newcomer = this.#introduce(login);
    const outcome = this.#enter(await this.#options.transaction((trx) => this.#place(trx, newcomer, rules)));
    this.#announce(outcome, newcomer);
    return outcome;
  }

  /** What `take` would do now, without doing it. */
  async foresee(login: Login, onDuplicate: OnDuplicate): Promise<ForeseenImport> {
    const newcomer = this.#introduce(login);
    const { identity, life } = newcomer;
    return this.#options.transaction(async (trx) => {
      const { row, skip } = await this.#decide(trx, newcomer, { onDuplicate });
      const accountId = row?.id ?? null;
      const facts = { accountId, identity, expiresAtMs: life.expiresAtMs };
      if (skip !== null) return { ...facts, action: 'skipped', reason: skip };
      return { ...facts, action: row === null ? 'created' : 'updated' };
    });
  }

  /** Makes a row without a login, as scripts of the predecessor do; one that is there already stays as it is. */
  async emailOnly(email: string, provider: string, onDuplicate: OnDuplicate): Promise<ImportOutcome> {
    const known: Known = { email, chatgptAccountId: null, chatgptUserId: null };
    const placed = await this.#options.transaction(async (trx): Promise<Placed> => {
      const found = await this.#find(trx, provider, known);
      if (found === null) return this.#insert(trx, provider, known, {});
      return onDuplicate === 'skip'
        ? { action: 'skipped', row: found, reason: ALREADY }
        : { action: 'updated', row: found };
    });
    return this.#enter(placed);
  }

  #introduce(login: Login): Newcomer {
    const nowMs = this.#options.clock.now();
    const life = readTokenLife(login.accessToken);
    // A time to come would make every later login look old.
    const lastRefreshAtMs = Math.min(login.lastRefreshAtMs ?? life.issuedAtMs ?? nowMs, nowMs);
    return { login, identity: withFallback(readIdentity(login), login.fallback), life, lastRefreshAtMs };
  }

  async #place(trx: Knex.Transaction, newcomer: Newcomer, rules: TakingRules): Promise<Placed> {
    const { identity } = newcomer;
    const { row, skip } = await this.#decide(trx, newcomer, rules);
    if (row === null) return this.#insert(trx, DEFAULT_PROVIDER, identity, this.#loginColumns(newcomer, identity, 0));
    if (skip !== null) return { action: 'skipped', row, reason: skip };
    const patch = this.#patch(row, this.#held(row), newcomer);
    await this.#options.store.change(trx, row.id, patch);
    return { action: 'updated', row: { ...row, ...patch } };
  }

  /** Whose login it is (`row`; `null` = nobody's yet) and why it stays out (`skip`), if it does. */
  async #decide(trx: Knex.Transaction, newcomer: Newcomer, rules: TakingRules): Promise<Decision> {
    const { identity, login } = newcomer;
    const { onDuplicate, fresh = false, only = null } = rules;
    const found =
      (await this.#find(trx, DEFAULT_PROVIDER, identity)) ??
      (await this.#findByToken(trx, login.refreshToken, identity));
    const row = only === null ? found : await this.#theOne(trx, only, found, identity);
    if (row === null) return { row: null, skip: null };
    if (onDuplicate === 'skip') return { row, skip: ALREADY };
    const held = this.#held(row);
    const older = !fresh && held.tokens !== null && !isLoginDead(held.facts.status) && isOlder(newcomer, held);
    return { row, skip: older ? OLDER : null };
  }

  async #find(trx: Knex.Transaction, provider: string, known: Known): Promise<AccountRow | null> {
    const { store } = this.#options;
    const rows = await store.related(trx, provider, identityKey(provider, known, ''), known);
    const match = matchAccount(provider, rows, known);
    return match === null ? null : ((await store.byId(match.id, trx)) ?? null);
  }

  /** The account a person meant, if the login is that account's; nothing is written otherwise. */
  async #theOne(trx: Knex.Transaction, id: string, found: AccountRow | null, known: Known): Promise<AccountRow> {
    const row = await this.#options.store.byId(id, trx);
    if (row === undefined) throw new TightropeError('account_not_found');
    if (found === null ? mayBeSame(row, known) : found.id === id) return row;
    throw new TightropeError('account_mismatch', { message: mismatchText(row, known) });
  }

  /** The same refresh token is the same login: two accounts with it would log each other out. */
  async #findByToken(trx: Knex.Transaction, refreshToken: string | null, known: Known): Promise<AccountRow | null> {
    if (refreshToken === null) return null;
    const { roster, store } = this.#options;
    const twin = roster
      .all()
      .find(({ facts, tokens }) => tokens?.refreshToken === refreshToken && mayBeSame(facts, known));
    return twin === undefined ? null : ((await store.byId(twin.facts.id, trx)) ?? null);
  }

  /** The account as this process knows it: its memory may hold tokens that the database has yet to take. */
  #held(row: AccountRow): RosterEntry {
    const { roster, vault } = this.#options;
    const entry = roster.get(row.id);
    const current = entry !== undefined && entry.facts.token_generation >= row.token_generation;
    return current ? entry : loadEntry(vault, row, entry).entry;
  }

  #patch(row: AccountRow, held: RosterEntry, newcomer: Newcomer): AccountPatch {
    const known = mergeIdentity(row, newcomer.identity);
    const columns = this.#loginColumns(newcomer, known, Math.max(row.token_generation, held.facts.token_generation));
    const revived = isLoginDead(row.status) ? REVIVED : {};
    const patch: AccountPatch = {
      ...columns,
      ...revived,
      plan_type: columns.plan_type ?? row.plan_type,
      identity_key: identityKey(row.provider, known, row.id),
      token_refresh_needs_attention: 0,
      token_refresh_last_error: null,
      token_refresh_failures: 0,
      token_refresh_next_due_at_ms: null,
    };
    return sameTokens(held.tokens, newcomer.login) ? withoutTokens(patch) : patch;
  }

  #loginColumns({ login, identity, life, lastRefreshAtMs }: Newcomer, known: Known, generation: number) {
    const { vault, nodeId, clock } = this.#options;
    return {
      email: known.email,
      chatgpt_account_id: known.chatgptAccountId,
      chatgpt_user_id: known.chatgptUserId,
      plan_type: identity.planType,
      ...sealTokens(vault, login),
      access_token_expires_at_ms: life.expiresAtMs,
      token_generation: generation + 1,
      token_owner: nodeId,
      last_refresh_at_ms: lastRefreshAtMs,
      updated_at_ms: clock.now(),
    };
  }

  async #insert(trx: Knex.Transaction, provider: string, known: Known, columns: AccountPatch): Promise<Placed> {
    const nowMs = this.#options.clock.now();
    const id = uuidv7(nowMs);
    const row = { ...blankRow(id, provider, identityKey(provider, known, id), nowMs), email: known.email, ...columns };
    await this.#options.store.insert(trx, row);
    return { action: 'created', row };
  }

  /** Brings the committed row into memory. An updated login starts a new epoch: old verdicts end here. */
  #enter(placed: Placed): ImportOutcome {
    const { roster, vault } = this.#options;
    const previous = roster.get(placed.row.id);
    if (placed.action === 'skipped') {
      return { action: 'skipped', entry: previous ?? loadEntry(vault, placed.row).entry, reason: placed.reason };
    }
    const { entry } = loadEntry(vault, placed.row, previous);
    roster.put(entry);
    const renewed = roster.change(placed.row.id, { loginEpoch: entry.loginEpoch + 1 }) ?? entry;
    return { action: placed.action, entry: renewed };
  }

  #announce({ action, entry }: ImportOutcome, { login }: Newcomer): void {
    if (action === 'skipped') return;
    const message =
      `Login of ${accountLabel(entry.facts)} ${action === 'created' ? 'imported' : 'renewed'}. ` +
      'Another program that uses the same login (the Codex CLI, say) loses it with the first refresh, and the other way round.';
    const facts = { action, hasIdToken: login.idToken !== null };
    this.#options.publish({ type: 'account_imported', level: 'info', accountId: entry.facts.id, message, facts });
  }
}

/** What the tokens say goes before what was written beside them. */
function withFallback(identity: Identity, fallback: Partial<Identity> = {}): Identity {
  return {
    email: identity.email ?? fallback.email ?? null,
    chatgptAccountId: identity.chatgptAccountId ?? fallback.chatgptAccountId ?? null,
    chatgptUserId: identity.chatgptUserId,
    planType: identity.planType ?? fallback.planType ?? null,
  };
}

/** Tells two seats of one person or one workspace apart in words. */
function mismatchText(row: AccountRow, known: Known): string {
  const came = known.email ?? 'an account without an e-mail';
  const sameEmail = row.email !== null && row.email.toLowerCase() === known.email?.toLowerCase();
  const where = sameEmail ? ' in another workspace' : '';
  return (
    `You signed in as ${came}${where}, but this sign-in was started for ${accountLabel(row)}. Nothing was changed. ` +
    'Sign in again as the right person, or add the other account as a new one.'
  );
}

function isOlder({ login, life, lastRefreshAtMs }: Newcomer, { tokens, facts }: RosterEntry): boolean {
  if (tokens === null || (tokens.refreshToken === login.refreshToken && tokens.accessToken === login.accessToken)) {
    return false;
  }
  const stored = { ...readTokenLife(tokens.accessToken), lastRefreshAtMs: facts.last_refresh_at_ms };
  return isOlderLogin({ ...life, lastRefreshAtMs: login.lastRefreshAtMs === null ? null : lastRefreshAtMs }, stored);
}

function sameTokens(held: AccountTokens | null, login: Login): boolean {
  return held?.accessToken === login.accessToken && held.refreshToken === login.refreshToken;
}

/**
 * A patch that leaves the tokens, their generation and what is known of their refresh alone. The same login imported again
 * must not disturb a refresh of it that is under way.
 */
function withoutTokens(patch: AccountPatch): AccountPatch {
  const rest = { ...patch };
  delete rest.access_token_encrypted;
  delete rest.refresh_token_encrypted;
  delete rest.id_token_encrypted;
  delete rest.token_generation;
  delete rest.token_refresh_needs_attention;
  delete rest.token_refresh_last_error;
  delete rest.token_refresh_failures;
  delete rest.token_refresh_next_due_at_ms;
  return rest;
}
