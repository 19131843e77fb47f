/** An account's limits as the API shows them (design §11 "Quota on the API"). Pure. */
import type {
  AccountQuotaFigures,
  QuotaFamilyView,
  QuotaVerdictView,
  QuotaWindow,
  ShownQuota,
} from '../contract/quota';
import { ACCOUNT_FAMILY, gatedModels } from './limit-families';
import { EMPTY_SNAPSHOT, familyOf, type QuotaSnapshot, type WindowReading } from './quota-snapshot';
import { familyVerdictAt, type Judgement, type QuotaVerdict } from './quota-verdict';

/** The window at an instant: after its reset it is unused, and when it will reset next is not known. */
export function windowAt(window: WindowReading, nowMs: number): QuotaWindow {
  const elapsed = window.resetAtMs !== null && window.resetAtMs <= nowMs;
  return {
    class: window.class,
    usedPercent: elapsed ? 0 : window.usedPercent,
    windowSeconds: window.windowSeconds,
    resetAtMs: elapsed ? null : window.resetAtMs,
    source: window.source,
    observedAtMs: window.observedAtMs,
  };
}

/** The windows of one limit at an instant, shortest first. */
export function windowsAt(snapshot: QuotaSnapshot, familyId: string, nowMs: number): QuotaWindow[] {
  const windows = familyOf(snapshot, familyId)?.windows ?? [];
  return windows.map((window) => windowAt(window, nowMs)).sort(byLength);
}

/** The quota fields of an account: its own windows, and the old slots. */
export function figuresAt(snapshot: QuotaSnapshot, nowMs: number): AccountQuotaFigures {
  const windows = windowsAt(snapshot, ACCOUNT_FAMILY, nowMs);
  const [primary, secondary] = slotsOf(windows);
  return {
    windows,
    quotaPrimaryPercent: primary?.usedPercent ?? null,
    quotaSecondaryPercent: secondary?.usedPercent ?? null,
    quotaPrimaryWindowSeconds: primary?.windowSeconds ?? null,
    quotaSecondaryWindowSeconds: secondary?.windowSeconds ?? null,
    quotaPrimaryResetAtMs: primary?.resetAtMs ?? null,
    quotaSecondaryResetAtMs: secondary?.resetAtMs ?? null,
    usageTelemetryRefreshedAtMs:
      windows.length === 0 ? null : Math.max(...windows.map((window) => window.observedAtMs)),
  };
}

/** Every limit but the account's own. */
export function additionalAt(snapshot: QuotaSnapshot, judgement: Judgement, nowMs: number): QuotaFamilyView[] {
  return snapshot.families
    .filter(({ id }) => id !== ACCOUNT_FAMILY)
    .map((family) => ({
      family: family.id,
      name: family.name?.value ?? null,
      models: [...gatedModels(family.id, family.name?.value ?? null)],
      verdict: verdictView(familyVerdictAt(family, judgement, nowMs)),
      windows: windowsAt(snapshot, family.id, nowMs),
    }));
}

/** Of an account of which nothing is known. */
export const NOTHING_SHOWN: ShownQuota = {
  figures: figuresAt(EMPTY_SNAPSHOT, 0),
  verdict: verdictView({ kind: 'unknown' }),
};

export function verdictView(verdict: QuotaVerdict): QuotaVerdictView {
  return verdict.kind === 'limited' ? { ...verdict } : { kind: verdict.kind, class: null, untilMs: null, reason: null };
}

/** Shortest and, when there are several, longest of windows in order of length. */
export function slotsOf<T>(windows: readonly T[]): readonly [primary: T | undefined, secondary: T | undefined] {
  return [windows[0], windows.length > 1 ? windows[windows.length - 1] : undefined];
}

/** Shortest first; a window of unknown length last. */
export function byLength(a: { windowSeconds: number | null }, b: { windowSeconds: number | null }): number {
  return (a.windowSeconds ?? Infinity) - (b.windowSeconds ?? Infinity) || 0;
}
