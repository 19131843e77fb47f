import { createHash } from 'node:crypto';
import { nextStepOf, reasonOf } from '../../../sidecar/accounts/account-advice';
import { blankRow } from '../../../sidecar/accounts/account-row';
import { factsOf, type AccountFacts } from '../../../sidecar/accounts/roster';
import type { AccountStatus } from '../../../sidecar/contract/account';

const UNTIL = Date.UTC(2026, 5, 1, 12);
const TOKENS = { accessToken: 'at', refreshToken: 'rt', idToken: null };

function account(facts: Partial<AccountFacts> = {}, tokens: typeof TOKENS | null | { refreshToken: null } = TOKENS) {
  const row = { ...factsOf(blankRow('a', 'openai', 'a', 1)), ...facts };
  return { facts: row, tokens: tokens === null ? null : { ...TOKENS, ...tokens } };
}

test('an account that serves and will go on to needs nothing', () => {
  expect([reasonOf(account(), 'active'), nextStepOf(account(), 'active')]).toEqual([null, null]);
});

test.each([
  ['paused', {}, 'Reactivate the account to use it again.'],
  [
    'paused',
    { token_refresh_needs_attention: 1 },
    'Sign in again, or import a fresh auth.json of this account, then reactivate it.',
  ],
  ['rate_limited', { blocked_until_ms: UNTIL }, 'Nothing to do: it comes back by itself at 2026-06-01T12:00:00.000Z.'],
  [
    'quota_blocked',
    { blocked_until_ms: UNTIL },
    'Nothing to do: it comes back by itself at 2026-06-01T12:00:00.000Z; credits bought at the provider end it sooner.',
  ],
  ['reauth_required', {}, 'Sign in again, or import a fresh auth.json of this account.'],
  ['deactivated', {}, 'Clear it up with the provider, then sign in again; or remove the account.'],
] as const)('%s says what helps', (status, facts, wanted) => {
  expect(nextStepOf(account(facts), status)).toBe(wanted);
});

test.each(['paused', 'rate_limited', 'quota_blocked', 'reauth_required', 'deactivated'] as AccountStatus[])(
  '%s says why',
  (status) => {
    expect(reasonOf(account({ status_reason: 'token_revoked: gone' }), status)).toBe('token_revoked: gone');
  },
);

test('a pause without a reason of its own is one by hand', () => {
  expect(reasonOf(account(), 'paused')).toBe('Paused by hand.');
});

test('an account without a login says so', () => {
  expect(reasonOf(account({}, null), 'active')).toBe('No login is stored.');
  expect(nextStepOf(account({}, null), 'active')).toMatch(/^Import an auth\.json/);
});

test('a login that cannot be refreshed says until when it serves', () => {
  const ends = { access_token_expires_at_ms: UNTIL };
  const wanted = /^Sign in again.* before 2026-06-01T12:00:00\.000Z: this one cannot be refreshed\.$/;
  expect(nextStepOf(account(ends, { refreshToken: null }), 'active')).toMatch(wanted);
  const hash = createHash('sha256').update('rt').digest('hex');
  expect(nextStepOf(account({ ...ends, token_refresh_intent_hash: hash }), 'active')).toMatch(wanted);
  expect(nextStepOf(account({ ...ends, token_refresh_intent_hash: 'of another token' }), 'active')).toBeNull();
  expect(nextStepOf(account({}, { refreshToken: null }), 'active')).toMatch(/auth\.json of this account: this one/);
});
