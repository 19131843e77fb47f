import { blankRow } from '../../../sidecar/accounts/account-row';
import { factsOf, Roster, rosterEntry, type AccountFacts } from '../../../sidecar/accounts/roster';

const TOKENS = { accessToken: 'at', refreshToken: 'rt', idToken: null };
const NOW = 1_000_000;

function rosterOf(...accounts: Partial<AccountFacts>[]): Roster {
  const roster = new Roster();
  for (const [index, facts] of accounts.entries()) {
    const id = `a${index}`;
    const row = blankRow(id, 'openai', id, index);
    roster.put(rosterEntry({ facts: { ...factsOf(row), ...facts }, tokens: TOKENS, loginEpoch: 0, strikes: 0 }));
  }
  return roster;
}

const ids = (roster: Roster, nowMs: number): string[] => roster.usable(nowMs).map(({ id }) => id);

test('usable accounts come oldest first', () => {
  expect(ids(rosterOf({ created_at_ms: 9 }, { created_at_ms: 3 }, { created_at_ms: 3 }), NOW)).toEqual([
    'a1',
    'a2',
    'a0',
  ]);
});

test('the list of usable accounts is one frozen array until something changes', () => {
  const roster = rosterOf({}, { status: 'rate_limited', blocked_until_ms: NOW + 10 });
  const before = roster.usable(NOW);
  expect(Object.isFrozen(before)).toBe(true);
  expect(roster.usable(NOW + 9)).toBe(before);
  const after = roster.usable(NOW + 10);
  expect(after.map(({ id }) => id)).toEqual(['a0', 'a1']);
  expect(before.map(({ id }) => id)).toEqual(['a0']);
  roster.remove('a0');
  expect(ids(roster, NOW + 10)).toEqual(['a1']);
});

test('a clock that is set back is noticed', () => {
  const roster = rosterOf({ status: 'rate_limited', blocked_until_ms: NOW });
  expect(ids(roster, NOW)).toEqual(['a0']);
  expect(ids(roster, NOW - 1)).toEqual([]);
});

test('only active accounts with a login serve', () => {
  const statuses = ['active', 'paused', 'reauth_required', 'deactivated', 'quota_blocked', 'unheard of'];
  const roster = rosterOf(...statuses.map((status) => ({ status, blocked_until_ms: NOW + 1 })));
  roster.put(
    rosterEntry({ facts: factsOf(blankRow('bare', 'openai', 'bare', 9)), tokens: null, loginEpoch: 0, strikes: 0 }),
  );
  expect(ids(roster, NOW)).toEqual(['a0']);
});

test('the size counts logins that are neither paused nor deactivated', () => {
  expect(rosterOf({}, { status: 'paused' }, { status: 'deactivated' }, { status: 'reauth_required' }).size()).toBe(2);
  expect(new Roster().size()).toBe(0);
});

test('the nearest return is that of the account that comes back first', () => {
  const limited = (blocked_until_ms: number) => ({ status: 'rate_limited', blocked_until_ms });
  expect(rosterOf(limited(NOW + 50), limited(NOW + 20), limited(NOW - 5), {}).nearestReturnMs(NOW)).toBe(NOW + 20);
  expect(rosterOf({}, { status: 'reauth_required' }).nearestReturnMs(NOW)).toBeNull();
});

test('everybody else is named with the reason and the return', () => {
  const roster = rosterOf({}, { status: 'rate_limited', blocked_until_ms: NOW + 50 }, { status: 'paused' });
  roster.put(
    rosterEntry({ facts: factsOf(blankRow('bare', 'openai', 'bare', 9)), tokens: null, loginEpoch: 0, strikes: 0 }),
  );
  expect(roster.sidelined(NOW)).toEqual([
    { id: 'a1', status: 'rate_limited', untilMs: NOW + 50 },
    { id: 'a2', status: 'paused', untilMs: null },
    { id: 'bare', status: 'reauth_required', untilMs: null },
  ]);
  expect(roster.sidelined(NOW + 49)).toBe(roster.sidelined(NOW));
  expect(roster.sidelined(NOW + 50).map(({ id }) => id)).toEqual(['a2', 'bare']);
});

test('members are those whose login lives and is not paused, limited ones included', () => {
  const statuses = ['active', 'rate_limited', 'quota_blocked', 'paused', 'reauth_required', 'deactivated'];
  const roster = rosterOf(...statuses.map((status) => ({ status, blocked_until_ms: NOW + 1 })));
  expect(roster.members().map(({ id }) => id)).toEqual(['a0', 'a1', 'a2']);
});

test('what the router holds stays the same object while nothing of it changes', () => {
  const roster = rosterOf({ plan_type: 'plus' });
  const [before] = roster.usable(NOW);
  roster.change('a0', { facts: { token_generation: 5 } });
  expect(roster.usable(NOW)[0]).toBe(before);
  roster.change('a0', { facts: { plan_type: 'pro' } });
  expect(roster.usable(NOW)[0]).toEqual({ id: 'a0', chatgptAccountId: null, planType: 'pro', loginEpoch: 0 });
  expect(before?.planType).toBe('plus');
});

test('made-up workspace ids of the predecessor are not sent', () => {
  for (const chatgpt_account_id of ['email_ann', 'local_1']) {
    expect(rosterOf({ chatgpt_account_id }).usable(NOW)[0]?.chatgptAccountId).toBeNull();
  }
});

test('keeps no sealed token', () => {
  const row = { ...blankRow('a', 'openai', 'a', 1), access_token_encrypted: 'x', refresh_token_encrypted: 'y' };
  expect(Object.keys(factsOf(row)).filter((column) => column.endsWith('_encrypted'))).toEqual([]);
});
