/** The graceful stop (design §10). */
import { Type } from '@sinclair/typebox';
import { wholeInteger } from '../number-style';
import { section } from '../setting';
import { millisecondsOrNone } from '../value-types';

export const DRAIN = section(Type.Object({ timeoutMs: millisecondsOrNone() }), {
  timeoutMs: {
    env: ['TIGHTROPE_DRAIN_TIMEOUT_MS'],
    style: wholeInteger,
    default: 30_000,
    about: 'ms that running turns get to finish at a stop',
  },
});
