/**
 * The accounts in memory, tokens in the clear. Every entry is an immutable snapshot that is replaced whole, so whoever
 * holds one sees a consistent account. What the hot path asks (`usable`) is computed once per change, not per request.
 */
import type { AccountStatus } from '../contract/account';
import type { AccountRow, AccountTokens } from './account-row';
import { isLimitedNow, isLoginDead, statusAt } from './account-health';
import { policyFrom, type AccountPolicy } from './account-policy';

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

/** An account that is out of rotation. */
export interface SidelinedAccount {
  readonly id: string;
  readonly status: AccountStatus;
  /** UTC ms at which it comes back by itself; `null` = it will not. */
  readonly untilMs: number | null;
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
  /** What people have set for it; the same object as long as it says the same. */
  readonly policy: AccountPolicy;
}

/** Parts of an entry to replace. */
export type EntryChange = Partial<Pick<RosterEntry, 'tokens' | 'loginEpoch' | 'strikes'>> & {
  readonly facts?: Partial<AccountFacts>;
};

interface Snapshot {
  readonly usable: readonly PoolAccount[];
  readonly sidelined: readonly SidelinedAccount[];
  /** UTC ms at which a limit passes or, looking back, the clock was set; the snapshot holds in between. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The present entries, oldest account first. */
export class Roster {
  readonly #entries = new Map<string, RosterEntry>();
  #ordered: readonly RosterEntry[] | null = null;
  #snapshot: Snapshot | null = null;
  #policyRevision = 0;

  /** Another number after every change of what people have set for accounts. */
  get policyRevision(): number {
    return this.#policyRevision;
  }

  get(id: string): RosterEntry | undefined {
    return this.#entries.get(id);
  }

  /** All entries by age, then id. */
  all(): readonly RosterEntry[] {
    this.#ordered ??= Object.freeze([...this.#entries.values()].sort(byAge));
    return this.#ordered;
  }

  put(entry: RosterEntry): void {
    const { id } = entry.facts;
    if (this.#entries.get(id)?.policy !== entry.policy) this.#policyRevision += 1;
    this.#entries.set(id, entry);
    this.#changed();
  }

  remove(id: string): void {
    if (!this.#entries.delete(id)) return;
    this.#policyRevision += 1;
    this.#changed();
  }

  /** Replaces parts of an entry as it is now. Returns the new one, or `undefined` when the account is gone. */
  change(id: string, change: EntryChange): RosterEntry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const { facts, ...rest } = change;
    const changed = rosterEntry({ ...entry, ...rest, facts: { ...entry.facts, ...facts } }, entry);
    this.put(changed);
    return changed;
  }

  /** Accounts that may serve at an instant, as a frozen array that stays the same until something changes. */
  usable(nowMs: number): readonly PoolAccount[] {
    return this.#at(nowMs).usable;
  }

  /** All others and why, held in the same way. */
  sidelined(nowMs: number): readonly SidelinedAccount[] {
    return this.#at(nowMs).sidelined;
  }

  /** Accounts with a login that neither a person nor the provider has switched off. */
  size(): number {
    const isMember = ({ tokens, facts }: RosterEntry): boolean =>
      tokens !== null && facts.status !== 'paused' && facts.status !== 'deactivated';
    return this.all().filter(isMember).length;
  }

  /** Accounts with a living login that is not paused, whether or not a limit keeps them out of rotation. */
  members(): readonly PoolAccount[] {
    const isMember = ({ tokens, facts }: RosterEntry): boolean =>
      tokens !== null && facts.status !== 'paused' && !isLoginDead(facts.status);
    return this.all()
      .filter(isMember)
      .map((entry) => entry.pool);
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

  #at(nowMs: number): Snapshot {
    const held = this.#snapshot;
    if (held !== null && held.fromMs <= nowMs && nowMs < held.untilMs) return held;
    const usable: PoolAccount[] = [];
    const sidelined: SidelinedAccount[] = [];
    for (const entry of this.all()) {
      if (canServe(entry, nowMs)) usable.push(entry.pool);
      else sidelined.push(sidelinedOf(entry, nowMs));
    }
    const untilMs = this.nearestReturnMs(nowMs) ?? Infinity;
    const snapshot = { usable: Object.freeze(usable), sidelined: Object.freeze(sidelined), fromMs: nowMs, untilMs };
    this.#snapshot = snapshot;
    return snapshot;
  }

  #changed(): void {
    this.#ordered = null;
    this.#snapshot = null;
  }
}

/** Builds an entry; keeps what the router sees of `previous` when nothing of it is different. */
export function rosterEntry(
  parts: Omit<RosterEntry, 'pool' | 'policy'>,
  previous?: Pick<RosterEntry, 'pool' | 'policy'>,
): RosterEntry {
  const { facts, loginEpoch } = parts;
  return Object.freeze({
    ...parts,
    pool: poolAccount(facts, loginEpoch, previous?.pool),
    policy: policyFrom(facts, previous?.policy),
  });
}

function poolAccount(facts: Readonly<AccountFacts>, loginEpoch: number, previous?: PoolAccount): PoolAccount {
  const chatgptAccountId = headerAccountId(facts.chatgpt_account_id);
  const unchanged =
    previous?.chatgptAccountId === chatgptAccountId &&
    previous.planType === facts.plan_type &&
    previous.loginEpoch === loginEpoch;
  if (previous !== undefined && unchanged) return previous;
  return Object.freeze({ id: facts.id, chatgptAccountId, planType: facts.plan_type, loginEpoch });
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

/** An account without a login is as one whose login is lost. */
function sidelinedOf({ facts, tokens }: RosterEntry, nowMs: number): SidelinedAccount {
  const status = statusAt(facts, nowMs);
  return {
    id: facts.id,
    status: status === 'active' ? 'reauth_required' : status,
    untilMs: tokens !== null && isLimitedNow(facts, nowMs) ? facts.blocked_until_ms : null,
  };
}

/** Made-up ids of the predecessor are labels, not workspaces (spec/admin-api.md 6.7). */
function headerAccountId(id: string | null): string | null {
  return id === null || id.startsWith('email_') || id.startsWith('local_') ? null : id;
}

function byAge(a: RosterEntry, b: RosterEntry): number {
  return a.facts.created_at_ms - b.facts.created_at_ms || (a.facts.id < b.facts.id ? -1 : 1);
}
