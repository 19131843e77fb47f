/** Rate-limit header sets as upstream sends them (codex-wire 2.9): Python-cased booleans, empty reset times, windows in odd slots. */
import type { HeaderSet } from './answer';

const NO_CREDITS: HeaderSet = {
  'x-codex-credits-has-credits': 'False',
  'x-codex-credits-unlimited': 'False',
  'x-codex-credits-balance': '0',
};

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

function windowHeaders(slot: string, percent: number, minutes: number, resetAt: number | ''): HeaderSet {
  return {
    [`x-codex-${slot}-used-percent`]: String(percent),
    [`x-codex-${slot}-window-minutes`]: String(minutes),
    [`x-codex-${slot}-reset-at`]: String(resetAt),
    ...(resetAt === '' ? {} : { [`x-codex-${slot}-reset-after-seconds`]: String(resetAt - inSeconds(0)) }),
  };
}

export interface WindowNumbers {
  readonly primaryPercent?: number;
  /** Unix seconds. */
  readonly primaryResetAt?: number;
  readonly secondaryPercent?: number;
  readonly secondaryResetAt?: number;
}

/** Five hours in `primary`, a week in `secondary`. */
export function fiveHourAndWeekly(numbers: WindowNumbers = {}): HeaderSet {
  return {
    'x-codex-plan-type': 'pro',
    'x-codex-active-limit': 'codex',
    ...windowHeaders('primary', numbers.primaryPercent ?? 22, 300, numbers.primaryResetAt ?? inSeconds(9000)),
    ...windowHeaders(
      'secondary',
      numbers.secondaryPercent ?? 10,
      10_080,
      numbers.secondaryResetAt ?? inSeconds(155_800),
    ),
    'x-codex-primary-over-secondary-limit-percent': '0',
    ...NO_CREDITS,
  };
}

/** The week sits in `primary`; `secondary` is all zero with an empty reset time. */
export function weeklyOnlyInPrimary(percent = 22): HeaderSet {
  return {
    'x-codex-plan-type': 'pro',
    'x-codex-active-limit': 'premium',
    ...windowHeaders('primary', percent, 10_080, inSeconds(155_800)),
    ...windowHeaders('secondary', 0, 0, ''),
    ...NO_CREDITS,
  };
}

/** Free plan: one window of 30 days. */
export function monthlyFree(percent = 40): HeaderSet {
  return {
    'x-codex-plan-type': 'free',
    'x-codex-active-limit': 'codex',
    ...windowHeaders('primary', percent, 43_200, inSeconds(1_000_000)),
    ...windowHeaders('secondary', 0, 0, ''),
    ...NO_CREDITS,
  };
}

/** Only credits are left. */
export function creditsOnly(balance = '9.99'): HeaderSet {
  return {
    'x-codex-plan-type': 'business',
    ...windowHeaders('primary', 0, 0, ''),
    ...windowHeaders('secondary', 0, 0, ''),
    'x-codex-credits-has-credits': 'True',
    'x-codex-credits-unlimited': 'False',
    'x-codex-credits-balance': balance,
  };
}

/** A second family of limits for one model beside the usual one. */
export function extraFamily(percent = 77): HeaderSet {
  return {
    ...fiveHourAndWeekly(),
    ...windowHeaders('bengalfox-primary', percent, 300, inSeconds(9000)),
    ...windowHeaders('bengalfox-secondary', 5, 10_080, inSeconds(155_800)),
    'x-codex-bengalfox-limit-name': 'gpt-5.3-codex-spark',
  };
}

/** A known window whose reset time is empty. */
export function emptyResetAt(): HeaderSet {
  return {
    'x-codex-plan-type': 'plus',
    ...windowHeaders('primary', 55, 300, ''),
    ...windowHeaders('secondary', 12, 10_080, ''),
    ...NO_CREDITS,
  };
}
