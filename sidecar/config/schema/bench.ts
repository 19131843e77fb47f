/** For measurements only: the relay without request log and routing. */
import { Type } from '@sinclair/typebox';
import { flag } from '../number-style';
import { section } from '../setting';

export const BENCH = section(Type.Object({ bare: Type.Boolean() }), {
  bare: {
    env: ['TIGHTROPE_BENCH_BARE'],
    style: flag,
    default: false,
    about: 'turn request log and routing off to measure the bare relay',
  },
});
