/** Polling of the accounts' usage (spec/data-security.md 1.4.5; design §10). */
import { Type } from '@sinclair/typebox';
import { leadingInteger } from '../number-style';
import { section } from '../setting';
import { milliseconds, millisecondsOrNone } from '../value-types';

export const USAGE = section(
  Type.Object({ connectTimeoutMs: milliseconds(), timeoutMs: milliseconds(), pollIntervalMs: millisecondsOrNone() }),
  {
    connectTimeoutMs: {
      env: ['TIGHTROPE_USAGE_FETCH_CONNECT_TIMEOUT_MS'],
      style: leadingInteger,
      default: 10_000,
      about: 'ms to connect for a usage poll',
    },
    timeoutMs: {
      env: ['TIGHTROPE_USAGE_FETCH_TIMEOUT_MS'],
      style: leadingInteger,
      default: 15_000,
      about: 'ms for a whole usage poll',
    },
    pollIntervalMs: {
      env: ['TIGHTROPE_USAGE_POLL_INTERVAL_MS'],
      style: leadingInteger,
      default: 60_000,
      about: 'ms between two polls of an account, 0 = no polling',
    },
  },
);
