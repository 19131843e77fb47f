/** Header sets as upstream sends them (codex-wire 2.9), as flat lists, and the clock of these tests. */

/** 2026-09-24T12:00:00Z, UTC ms. */
export const NOW = Date.UTC(2026, 8, 24, 12);
export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Unix seconds `ms` after `NOW`. */
export function unixAfter(ms: number): number {
  return Math.floor((NOW + ms) / 1000);
}

export interface Slot {
  readonly percent: number;
  readonly minutes: number;
  /** ms after `NOW`; left out = an empty `reset-at`. */
  readonly resetsInMs?: number;
}

/** The headers of one slot; `prefix` is `primary` or `bengalfox-secondary`. */
export function slot(prefix: string, { percent, minutes, resetsInMs }: Slot): string[] {
  const resetAt = resetsInMs === undefined ? '' : String(unixAfter(resetsInMs));
  return [
    `x-codex-${prefix}-used-percent`,
    String(percent),
    `x-codex-${prefix}-window-minutes`,
    String(minutes),
    `x-codex-${prefix}-reset-at`,
    resetAt,
    ...(resetsInMs === undefined ? [] : [`x-codex-${prefix}-reset-after-seconds`, String(resetsInMs / 1000)]),
  ];
}

export const NO_WINDOW: Slot = { percent: 0, minutes: 0 };
export const FIVE_HOURS = 300;
export const A_WEEK = 10_080;
export const THIRTY_DAYS = 43_200;

export const NO_CREDITS: readonly string[] = [
  'x-codex-credits-has-credits',
  'False',
  'x-codex-credits-unlimited',
  'False',
  'x-codex-credits-balance',
  '0',
];

/** Five hours in `primary`, a week in `secondary`, among the other headers of an answer. */
export function ordinary(shortPercent = 22, weeklyPercent = 10): string[] {
  return [
    'date',
    'Thu, 24 Sep 2026 12:00:00 GMT',
    'content-type',
    'text/event-stream',
    'x-request-id',
    'req_1',
    'x-codex-turn-state',
    'opaque',
    'x-codex-plan-type',
    'pro',
    'x-codex-active-limit',
    'premium',
    ...slot('primary', { percent: shortPercent, minutes: FIVE_HOURS, resetsInMs: 2 * HOUR }),
    ...slot('secondary', { percent: weeklyPercent, minutes: A_WEEK, resetsInMs: 3 * DAY }),
    'x-codex-primary-over-secondary-limit-percent',
    '0',
    ...NO_CREDITS,
    'cf-ray',
    'abc',
  ];
}

export const SPARK = 'gpt-5.3-codex-spark';

/** The headers of Spark's own limit. */
export function spark(shortPercent: number, weeklyPercent: number): string[] {
  return [
    'x-codex-bengalfox-limit-name',
    'GPT-5.3-Codex-Spark',
    ...slot('bengalfox-primary', { percent: shortPercent, minutes: FIVE_HOURS, resetsInMs: HOUR }),
    ...slot('bengalfox-secondary', { percent: weeklyPercent, minutes: A_WEEK, resetsInMs: 2 * DAY }),
  ];
}
