/**
 * The accounts in memory, tokens in the clear. Every entry is an immutable snapshot that is replaced whole, so whoever
 * holds one sees a consistent account. What the hot path asks (`usable`) is computed once per change, not per request.
 */
import type { AccountRow, AccountTokens } from './account-row';
import { isLimitedNow, statusAt } from './account-health';

/** A row without its sealed tokens. */
export type AccountFacts = Omit<
  AccountRow,
  'access_token_encrypted' | 'refresh_token_encrypted' | 'id_token_encrypted'
>;

/** One login as the router sees it. */
export interface PoolAccount {
  readonly id: string;
  /** Workspace id for the upstream's `chatgpt-account-id`; `null` = header left out. */
  readonly chatgptAccountId: string | null;
  readonly planType: string | null;
  /** Grows when a person renews or reactivates the login: verdicts about an earlier epoch no longer count. */
  readonly loginEpoch: number;
}

/** One account as this process knows it. */
export interface RosterEntry {
  readonly facts: Readonly<AccountFacts>;
  /** `null` = no login stored, or an unreadable one. */
  readonly tokens: AccountTokens | null;
  readonly loginEpoch: number;
  /** Limits in close succession; see account-health.ts. */
  readonly strikes: number;
  /** What the router gets; the same object as long as nothing of it changes. */
  readonly pool: PoolAccount;
}

/** Parts of an entry to replace. */
export type EntryChange = Partial<Pick<RosterEntry, 'tokens' | 'loginEpoch' | 'strikes'>> & {
  readonly facts?: Partial<AccountFacts>;
};

interface UsableSnapshot {
  readonly accounts: readonly PoolAccount[];
  /** UTC ms at which a limit passes or, looking back, the clock was set; the snapshot holds in between. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The present entries, oldest account first. */
export class Roster {
  readonly #entries = new Map<string, RosterEntry>();
  #ordered: readonly RosterEntry[] | null = null;
  #usable: UsableSnapshot | null = null;

  get(id: string): RosterEntry | undefined {
    return this.#entries.get(id);
  }

  /** All entries by age, then id. */
  all(): readonly RosterEntry[] {
    this.#ordered ??= Object.freeze([...this.#entries.values()].sort(byAge));
    return this.#ordered;
  }

  put(entry: RosterEntry): void {
    this.#entries.set(entry.facts.id, entry);
    this.#changed();
  }

  remove(id: string): void {
    if (this.#entries.delete(id)) this.#changed();
  }

  /** Replaces parts of an entry as it is now. Returns the new one, or `undefined` when the account is gone. */
  change(id: string, change: EntryChange): RosterEntry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const { facts, ...rest } = change;
    const changed = rosterEntry({ ...entry, ...rest, facts: { ...entry.facts, ...facts } }, entry.pool);
    this.put(changed);
    return changed;
  }

  /** Accounts that may serve at an instant, as a frozen array that stays the same until something changes. */
  usable(nowMs: number): readonly PoolAccount[] {
    const held = this.#usable;
    if (held !== null && held.fromMs <= nowMs && nowMs < held.untilMs) return held.accounts;
    const accounts = this.all()
      .filter((entry) => canServe(entry, nowMs))
      .map((entry) => entry.pool);
    const untilMs = this.nearestReturnMs(nowMs) ?? Infinity;
    this.#usable = { accounts: Object.freeze(accounts), fromMs: nowMs, untilMs };
    return accounts;
  }

  /** Accounts with a login that neither a person nor the provider has switched off. */
  size(): number {
    const isMember = ({ tokens, facts }: RosterEntry): boolean =>
      tokens !== null && facts.status !== 'paused' && facts.status !== 'deactivated';
    return this.all().filter(isMember).length;
  }

  /** The nearest end of a limit, UTC ms; `null` when no account returns by itself. */
  nearestReturnMs(nowMs: number): number | null {
    let nearest: number | null = null;
    for (const { facts, tokens } of this.all()) {
      if (tokens === null || !isLimitedNow(facts, nowMs) || facts.blocked_until_ms === null) continue;
      if (nearest === null || facts.blocked_until_ms < nearest) nearest = facts.blocked_until_ms;
    }
    return nearest;
  }

  #changed(): void {
    this.#ordered = null;
    this.#usable = null;
  }
}

/** Builds an entry; keeps `previous` as the router's view when nothing that the router sees is different. */
export function rosterEntry(parts: Omit<RosterEntry, 'pool'>, previous?: PoolAccount): RosterEntry {
  const { facts, loginEpoch } = parts;
  const chatgptAccountId = headerAccountId(facts.chatgpt_account_id);
  const unchanged =
    previous?.chatgptAccountId === chatgptAccountId &&
    previous.planType === facts.plan_type &&
    previous.loginEpoch === loginEpoch;
  const pool =
    previous !== undefined && unchanged
      ? previous
      : Object.freeze({ id: facts.id, chatgptAccountId, planType: facts.plan_type, loginEpoch });
  return Object.freeze({ ...parts, pool });
}

/** The columns of a row that the roster keeps. */
export function factsOf(row: AccountRow): AccountFacts {
  const facts: AccountFacts & Partial<AccountRow> = { ...row };
  delete facts.access_token_encrypted;
  delete facts.refresh_token_encrypted;
  delete facts.id_token_encrypted;
  return facts;
}

function canServe({ facts, tokens }: RosterEntry, nowMs: number): boolean {
  return tokens !== null && statusAt(facts, nowMs) === 'active';
}

/** Made-up ids of the predecessor are labels, not workspaces (spec/admin-api.md 6.7). */
function headerAccountId(id: string | null): string | null {
  return id === null || id.startsWith('email_') || id.startsWith('local_') ? null : id;
}

function byAge(a: RosterEntry, b: RosterEntry): number {
  return a.facts.created_at_ms - b.facts.created_at_ms || (a.facts.id < b.facts.id ? -1 : 1);
}
