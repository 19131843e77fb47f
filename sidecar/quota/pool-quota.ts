/**
 * The pool's limits as those of one account. The rule: of every window class the best that an account in rotation has
 * left, for the pool serves with that one next. When no account can serve, what the one has that comes back first.
 */
import type { QuotaWindow } from '../contract/quota';
import { ACCOUNT_FAMILY } from './limit-families';
import type { CreditsFacts } from './quota-report';
import { familyOf, type FamilySnapshot, type QuotaSnapshot } from './quota-snapshot';
import { arePayable, familyVerdictAt, verdictAt, type Judgement, type QuotaVerdict } from './quota-verdict';
import { byLength, windowsAt } from './quota-view';

/** One account of the pool. */
export interface PoolMember {
  readonly planType: string | null;
  readonly snapshot: QuotaSnapshot;
  readonly judgement: Judgement;
}

export interface PooledLimit {
  readonly id: string;
  readonly name: string | null;
  /** An account can serve. */
  readonly allowed: boolean;
  /** Shortest first, one of each class. */
  readonly windows: readonly QuotaWindow[];
}

export interface PooledQuota {
  /** `guest` = no account with a plan, `mixed` = several plans (spec/admin-api.md 10.1). */
  readonly planType: string;
  /** The accounts' own limit. */
  readonly own: PooledLimit;
  readonly additional: readonly PooledLimit[];
  /** `null` = no account says anything of credits. */
  readonly credits: CreditsFacts | null;
}

/**
 * @param rotation accounts that nothing but their limits keeps from serving
 * @param others the remaining ones with a login: looked at only when none of `rotation` can serve
 */
export function poolQuota(rotation: readonly PoolMember[], others: readonly PoolMember[], nowMs: number): PooledQuota {
  const own = pooled(rotation, others, nowMs, ACCOUNT_FAMILY);
  const ids = new Set<string>();
  for (const { snapshot } of rotation) for (const { id } of snapshot.families) ids.add(id);
  ids.delete(ACCOUNT_FAMILY);
  return {
    planType: planOf(rotation),
    own,
    additional: [...ids].sort().map((id) => pooled(rotation, [], nowMs, id)),
    credits: creditsOf(rotation),
  };
}

function pooled(
  rotation: readonly PoolMember[],
  others: readonly PoolMember[],
  nowMs: number,
  id: string,
): PooledLimit {
  const open = rotation.filter((member) => verdictOn(member, id, nowMs).kind !== 'limited');
  const shown = open.length > 0 ? open : firstBack([...rotation, ...others], id, nowMs);
  const best = new Map<string, QuotaWindow>();
  let name: string | null = null;
  for (const { snapshot } of shown) {
    name ??= familyOf(snapshot, id)?.name?.value ?? null;
    for (const window of windowsAt(snapshot, id, nowMs)) {
      const held = best.get(window.class);
      if (held === undefined || isBetter(window, held)) best.set(window.class, window);
    }
  }
  return { id, name, allowed: open.length > 0, windows: [...best.values()].sort(byLength) };
}

function verdictOn({ snapshot, judgement }: PoolMember, id: string, nowMs: number): QuotaVerdict {
  if (id === ACCOUNT_FAMILY) return verdictAt(judgement, null, nowMs);
  const family: FamilySnapshot | undefined = familyOf(snapshot, id);
  return family === undefined ? { kind: 'unknown' } : familyVerdictAt(family, judgement, nowMs);
}

function firstBack(members: readonly PoolMember[], id: string, nowMs: number): PoolMember[] {
  let first: PoolMember | null = null;
  let firstMs = Infinity;
  for (const member of members) {
    const verdict = verdictOn(member, id, nowMs);
    if (verdict.kind !== 'limited' || verdict.untilMs >= firstMs) continue;
    first = member;
    firstMs = verdict.untilMs;
  }
  return first === null ? [] : [first];
}

/** More left, or as much and an earlier reset. */
function isBetter(a: QuotaWindow, b: QuotaWindow): boolean {
  if (a.usedPercent !== b.usedPercent) return a.usedPercent < b.usedPercent;
  return (a.resetAtMs ?? Infinity) < (b.resetAtMs ?? Infinity);
}

function planOf(rotation: readonly PoolMember[]): string {
  const plans = new Set<string>();
  for (const { snapshot, planType } of rotation) {
    const plan = snapshot.plan?.value ?? planType?.toLowerCase() ?? null;
    if (plan !== null) plans.add(plan);
  }
  const [only] = plans;
  return only === undefined ? 'guest' : plans.size === 1 ? only : 'mixed';
}

/** Any account's credits are the pool's; balances that are numbers are added up. */
function creditsOf(rotation: readonly PoolMember[]): CreditsFacts | null {
  let isKnown = false;
  let hasCredits = false;
  let unlimited = false;
  let sum: number | null = null;
  for (const { snapshot } of rotation) {
    if (snapshot.credits === null) continue;
    isKnown = true;
    const { value } = snapshot.credits;
    if (!arePayable(value)) continue;
    hasCredits ||= value.hasCredits;
    unlimited ||= value.unlimited;
    const amount = value.balance === null ? NaN : Number(value.balance);
    if (Number.isFinite(amount)) sum = (sum ?? 0) + amount;
  }
  return isKnown ? { hasCredits, unlimited, balance: sum === null ? null : sum.toFixed(2) } : null;
}
