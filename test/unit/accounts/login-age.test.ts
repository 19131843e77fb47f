import fc from 'fast-check';
import { isOlderLogin, type LoginAge } from '../../../sidecar/accounts/login-age';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const age = (part: Partial<LoginAge>): LoginAge => ({
  issuedAtMs: null,
  expiresAtMs: null,
  lastRefreshAtMs: null,
  ...part,
});

test('a token issued clearly earlier is older whatever the files say', () => {
  expect(
    isOlderLogin(age({ issuedAtMs: NOW - HOUR, lastRefreshAtMs: NOW }), age({ issuedAtMs: NOW, lastRefreshAtMs: 0 })),
  ).toBe(true);
  expect(
    isOlderLogin(age({ issuedAtMs: NOW, lastRefreshAtMs: 0 }), age({ issuedAtMs: NOW - HOUR, lastRefreshAtMs: NOW })),
  ).toBe(false);
});

test('the end of a token does where nothing tells its beginning', () => {
  expect(isOlderLogin(age({ expiresAtMs: NOW - HOUR }), age({ expiresAtMs: NOW }))).toBe(true);
  expect(isOlderLogin(age({ expiresAtMs: NOW }), age({ expiresAtMs: NOW - HOUR }))).toBe(false);
});

test('the last refresh decides between tokens of the same minute, and between opaque ones', () => {
  const [early, late] = [NOW - HOUR, NOW];
  expect(
    isOlderLogin(
      age({ issuedAtMs: NOW + 5_000, lastRefreshAtMs: early }),
      age({ issuedAtMs: NOW, lastRefreshAtMs: late }),
    ),
  ).toBe(true);
  expect(isOlderLogin(age({ lastRefreshAtMs: early }), age({ lastRefreshAtMs: late }))).toBe(true);
  expect(isOlderLogin(age({ lastRefreshAtMs: late }), age({ lastRefreshAtMs: early }))).toBe(false);
});

test('a login that says nothing is not older', () => {
  expect(isOlderLogin(age({}), age({ issuedAtMs: NOW, expiresAtMs: NOW, lastRefreshAtMs: NOW }))).toBe(false);
});

test('of two logins at most one is older, and none is older than itself', () => {
  const moment = fc.option(fc.integer({ min: 0, max: 4 * HOUR }));
  const anyAge = fc.record({ issuedAtMs: moment, expiresAtMs: moment, lastRefreshAtMs: moment });
  fc.assert(
    fc.property(anyAge, anyAge, (one, other) => {
      expect(isOlderLogin(one, other) && isOlderLogin(other, one)).toBe(false);
      expect(isOlderLogin(one, one)).toBe(false);
    }),
  );
});
