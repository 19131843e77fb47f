/** When logins are refreshed in the background (spec/data-security.md 1.4.4). */
import { Type } from '@sinclair/typebox';
import { wholeInteger } from '../number-style';
import { section } from '../setting';
import { milliseconds, millisecondsOrNone } from '../value-types';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const TOKEN_REFRESH = section(
  Type.Object({
    startupDelayMs: millisecondsOrNone(),
    startupStaleAfterMs: milliseconds(),
    checkIntervalMs: milliseconds(),
    successCycleMs: milliseconds(),
    failureRetryMs: milliseconds(),
  }),
  {
    startupDelayMs: {
      env: ['TIGHTROPE_TOKEN_REFRESH_STARTUP_DELAY_MS'],
      style: wholeInteger,
      default: 2_000,
      about: 'ms before the sweep at start',
    },
    startupStaleAfterMs: {
      env: ['TIGHTROPE_TOKEN_REFRESH_STARTUP_STALE_AFTER_MS'],
      style: wholeInteger,
      default: 4 * HOUR_MS,
      about: 'ms since the last success at which the sweep at start refreshes a login',
    },
    checkIntervalMs: {
      env: ['TIGHTROPE_TOKEN_REFRESH_CHECK_INTERVAL_MS'],
      style: wholeInteger,
      default: 15 * MINUTE_MS,
      about: 'ms between sweeps',
    },
    successCycleMs: {
      env: ['TIGHTROPE_TOKEN_REFRESH_SUCCESS_CYCLE_MS'],
      style: wholeInteger,
      default: 24 * HOUR_MS,
      about: 'ms from a success to the next refresh',
    },
    failureRetryMs: {
      env: ['TIGHTROPE_TOKEN_REFRESH_FAILURE_RETRY_MS'],
      style: wholeInteger,
      default: 4 * HOUR_MS,
      about: 'ms from a failure to the next attempt',
    },
  },
);
