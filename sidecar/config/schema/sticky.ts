/** How long conversations stay bound to an account (spec/data-security.md 1.1; design §11 "Affinity"). */
import { Type } from '@sinclair/typebox';
import { wholeInteger } from '../number-style';
import { section } from '../setting';
import { milliseconds } from '../value-types';

export const STICKY = section(Type.Object({ ttlMs: milliseconds(), cleanupIntervalMs: milliseconds() }), {
  ttlMs: {
    env: ['TIGHTROPE_STICKY_TTL_MS'],
    toml: ['sticky_ttl_ms', 'proxy.sticky_ttl_ms', 'sticky.ttl_ms'],
    style: wholeInteger,
    default: 1_800_000,
    about: 'ms that an unused binding lives',
  },
  cleanupIntervalMs: {
    env: ['TIGHTROPE_STICKY_CLEANUP_INTERVAL_MS'],
    toml: ['sticky_cleanup_interval_ms', 'proxy.sticky_cleanup_interval_ms', 'sticky.cleanup_interval_ms'],
    style: wholeInteger,
    default: 60_000,
    about: 'ms between two removals of expired bindings',
  },
});
