import { afterVerdict, nextStrikes, statusAt, type AccountVerdict } from '../../../sidecar/accounts/account-health';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const ACTIVE = { status: 'active', status_reason: null, blocked_until_ms: null };
const verdict = (part: Partial<AccountVerdict>): AccountVerdict => ({
  kind: 'limited',
  code: 'rate_limit_exceeded',
  message: 'slow down',
  untilMs: null,
  ...part,
});

test('a limit takes the account out until the reset that upstream named', () => {
  const after = afterVerdict(ACTIVE, verdict({ untilMs: NOW + 5_000 }), 1, NOW);
  expect(after).toEqual({
    status: 'rate_limited',
    status_reason: 'rate_limit_exceeded: slow down',
    blocked_until_ms: NOW + 5_000,
  });
  expect(statusAt({ status: 'rate_limited', blocked_until_ms: NOW + 5_000 }, NOW)).toBe('rate_limited');
  expect(statusAt({ status: 'rate_limited', blocked_until_ms: NOW + 5_000 }, NOW + 5_000)).toBe('active');
});

test.each([
  ['limited', 1, 1],
  ['limited', 2, 2],
  ['limited', 3, 4],
  ['limited', 4, 5],
  ['limited', 99, 5],
  ['quota_blocked', 1, 15],
  ['quota_blocked', 9, 15],
] as const)('%s without a reset time, strike %i: %i min', (kind, strikes, minutes) => {
  expect(afterVerdict(ACTIVE, verdict({ kind }), strikes, NOW)?.blocked_until_ms).toBe(NOW + minutes * MINUTE);
});

test('a reset in the past or beyond a month is not believed', () => {
  expect(afterVerdict(ACTIVE, verdict({ untilMs: NOW - 1 }), 1, NOW)?.blocked_until_ms).toBe(NOW + MINUTE);
  const far = afterVerdict(ACTIVE, verdict({ untilMs: NOW * 2 }), 1, NOW)?.blocked_until_ms;
  expect(far).toBe(NOW + 32 * 24 * 60 * MINUTE);
});

test('turns that fail together count once', () => {
  const limited = { status: 'rate_limited', status_reason: null, blocked_until_ms: NOW + MINUTE };
  expect(afterVerdict(limited, verdict({}), 1, NOW + 20)).toBeNull();
  expect(nextStrikes(limited, 1, NOW + 20)).toBe(1);
});

test('a limit soon after the last one is the next strike, a late one the first', () => {
  const columns = { ...ACTIVE, blocked_until_ms: NOW };
  expect(nextStrikes(columns, 2, NOW + MINUTE)).toBe(3);
  expect(nextStrikes(columns, 2, NOW + 11 * MINUTE)).toBe(1);
  expect(nextStrikes(ACTIVE, 0, NOW)).toBe(1);
});

test('a longer block replaces a shorter one, never the other way round', () => {
  const limited = { status: 'rate_limited', status_reason: null, blocked_until_ms: NOW + MINUTE };
  expect(afterVerdict(limited, verdict({ kind: 'quota_blocked' }), 1, NOW)?.status).toBe('quota_blocked');
  const blocked = { status: 'quota_blocked', status_reason: null, blocked_until_ms: NOW + 60 * MINUTE };
  expect(afterVerdict(blocked, verdict({}), 1, NOW)).toBeNull();
});

test.each(['limited', 'quota_blocked', 'reauth_required', 'deactivated'] as const)(
  'a pause and a deactivation outrank %s',
  (kind) => {
    for (const status of ['paused', 'deactivated']) {
      expect(afterVerdict({ ...ACTIVE, status }, verdict({ kind }), 1, NOW)).toBeNull();
    }
  },
);

test('a dead login is not made merely limited, but may turn out to be deactivated', () => {
  const dead = { ...ACTIVE, status: 'reauth_required' };
  expect(afterVerdict(dead, verdict({}), 1, NOW)).toBeNull();
  expect(afterVerdict(dead, verdict({ kind: 'reauth_required' }), 1, NOW)).toBeNull();
  expect(afterVerdict(dead, verdict({ kind: 'deactivated' }), 1, NOW)?.status).toBe('deactivated');
});

test('reasons are bounded and on one line', () => {
  const reason = afterVerdict(ACTIVE, verdict({ message: `a\n\tb${'x'.repeat(1000)}` }), 1, NOW)?.status_reason ?? '';
  expect(reason).toHaveLength(300);
  expect(reason).toMatch(/^rate_limit_exceeded: a bx/);
});

test('a status of another version routes nothing', () => {
  expect(statusAt({ status: 'quarantined', blocked_until_ms: null }, NOW)).toBe('paused');
});
