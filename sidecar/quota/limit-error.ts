/** What a refused turn says about a limit (codex-wire 2.9, spec/proxy.md 8.2). Pure. */
import type { WindowClass } from '../contract/quota';
import { readReset } from './quota-report';
import {
  emptyFamily,
  familyOf,
  withChangedFamily,
  withWindow,
  type FamilySnapshot,
  type QuotaSnapshot,
  type WindowReading,
} from './quota-snapshot';

/** Facts of an upstream error. `null` = not said; times as the gateway reads them out of the body. */
export interface LimitError {
  readonly code: string | null;
  readonly type: string | null;
  readonly planType: string | null;
  /** UTC ms out of `resets_at`. */
  readonly resetsAtMs: number | null;
  /** ms out of `resets_in_seconds`. */
  readonly resetsInMs: number | null;
}

/** A window of the account is used up. */
const WINDOW_CODES: ReadonlySet<string> = new Set(['usage_limit_reached', 'rate_limit_reached']);
/** Money or credits are used up: no window is to blame. */
const CREDIT_CODES: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'quota_exceeded',
  'credits_exhausted',
  'billing_hard_limit_reached',
  'billing_not_active',
]);

/** Two words about one reset differ by less than this, ms. */
const SAME_RESET_MS = 120_000;
const DAY_MS = 86_400_000;

/** The code that makes an error one of limits; `null` = it is none. */
export function limitCodeOf({ code, type }: LimitError): string | null {
  for (const word of [code, type]) {
    if (word !== null && (WINDOW_CODES.has(word) || CREDIT_CODES.has(word))) return word;
  }
  return null;
}

/** The snapshot after upstream refused a turn because of this family's limit. */
export function withRefusal(
  snapshot: QuotaSnapshot,
  familyId: string,
  error: LimitError,
  code: string,
  nowMs: number,
): QuotaSnapshot {
  const family = familyOf(snapshot, familyId) ?? emptyFamily(familyId);
  const untilMs = resetOf(error, nowMs);
  const window = WINDOW_CODES.has(code) ? refusedWindow(family, untilMs, nowMs) : null;
  return withChangedFamily(snapshot, {
    ...family,
    windows: window === null ? family.windows : withWindow(family.windows, window),
    refusal: { atMs: nowMs, untilMs, class: window?.class ?? null, code },
  });
}

/** A reset that is past or more than 366 days away is none. Of a time that passed on the way the distance is left. */
function resetOf({ resetsAtMs, resetsInMs }: LimitError, nowMs: number): number | null {
  const atMs = finite(resetsAtMs);
  const inSeconds = finiteSeconds(resetsInMs);
  const isPast = atMs !== null && atMs <= nowMs;
  const resetAtMs = readReset(atMs === null || isPast ? null : atMs / 1000, inSeconds, nowMs);
  return resetAtMs !== null && resetAtMs > nowMs ? resetAtMs : null;
}

function finiteSeconds(ms: number | null): number | null {
  const known = finite(ms);
  return known === null ? null : known / 1000;
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** The full window that refused: a known one, or one of which only the reset is known. */
function refusedWindow(family: FamilySnapshot, untilMs: number | null, nowMs: number): WindowReading | null {
  const source = 'error' as const;
  const known = untilMs === null ? fullest(family.windows, nowMs) : matching(family.windows, untilMs, nowMs);
  if (known !== null) {
    const resetAtMs = untilMs ?? (known.resetAtMs !== null && known.resetAtMs > nowMs ? known.resetAtMs : null);
    return { ...known, usedPercent: 100, resetAtMs, source, observedAtMs: nowMs };
  }
  if (untilMs === null) return null;
  return {
    class: classByReset(untilMs - nowMs),
    usedPercent: 100,
    windowSeconds: null,
    resetAtMs: untilMs,
    source,
    observedAtMs: nowMs,
  };
}

/** The window with this reset, else the shortest one that is long enough for it. */
function matching(windows: readonly WindowReading[], untilMs: number, nowMs: number): WindowReading | null {
  const same = windows.find(
    (window) => window.resetAtMs !== null && Math.abs(window.resetAtMs - untilMs) <= SAME_RESET_MS,
  );
  if (same !== undefined) return same;
  const longEnough = windows
    .filter(({ windowSeconds }) => windowSeconds !== null && windowSeconds * 1000 + SAME_RESET_MS >= untilMs - nowMs)
    .sort((a, b) => (a.windowSeconds ?? 0) - (b.windowSeconds ?? 0));
  return longEnough[0] ?? null;
}

function fullest(windows: readonly WindowReading[], nowMs: number): WindowReading | null {
  const used = (window: WindowReading): number =>
    window.resetAtMs !== null && window.resetAtMs <= nowMs ? 0 : window.usedPercent;
  let found: WindowReading | null = null;
  for (const window of windows) if (found === null || used(window) > used(found)) found = window;
  return found;
}

/** A window of unknown length is at least as long as its reset is away. */
function classByReset(distanceMs: number): WindowClass {
  if (distanceMs <= DAY_MS) return 'short';
  if (distanceMs <= 8 * DAY_MS) return 'weekly';
  return distanceMs <= 32 * DAY_MS ? 'monthly' : 'other';
}
