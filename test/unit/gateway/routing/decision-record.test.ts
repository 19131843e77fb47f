/** What a decision says afterwards (issue 4, point 7; design §11). */
import { DecisionNote, explainDecision } from '../../../../sidecar/contract/decision-note';
import { Decision } from '../../../../sidecar/contract/routing';
import { compile } from '../../../../sidecar/contract/validate';
import { FREE, type Binding } from '../../../../sidecar/gateway/routing/routing-ports';
import { account, accounts, leased, NOW, selectorOver, type SelectorFixture } from './selector-fixture';

const checkNote = compile(DecisionNote, 'note');
const checkDecision = compile(Decision, 'decision');

/** The decision as it is read back after being stored. */
function explained(
  fixture: SelectorFixture,
  binding: Binding = FREE,
  excluded: string[] = [],
  model = 'gpt-5.5',
): Decision {
  const { decision } = fixture.selector.lease({ model, excluded: new Set(excluded), binding });
  return checkDecision(explainDecision(checkNote(JSON.parse(JSON.stringify(decision)))));
}
const codes = ({ candidates }: Decision): Record<string, string> =>
  Object.fromEntries(candidates.map(({ accountId, code }) => [accountId, code]));

test('every account with verdict, reason, score and its parts', () => {
  const fixture = selectorOver(accounts('a', 'b', 'c'));
  fixture.setQuota('a', { kind: 'usable' }, { shortPercent: 50, longPercent: 20 });
  fixture.setQuota('c', { kind: 'limited', untilMs: NOW + 60_000, reason: 'used up' });
  const decision = explained(fixture);
  expect(decision).toMatchObject({
    strategy: 'weighted_round_robin',
    grade: 'free',
    boundBy: null,
    boundAccountId: null,
    accountId: 'b',
    refusal: null,
    atMs: NOW,
    considered: 3,
    eligible: 2,
  });
  expect(decision.candidates).toEqual([
    {
      accountId: 'b',
      verdict: 'chosen',
      code: 'picked',
      reason: 'Picked by weighted_round_robin.',
      score: 1,
      parts: { weight: 1, headroom: 1, errorRate: 0, troubleRate: 0, inflight: 0 },
    },
    {
      accountId: 'a',
      verdict: 'eligible',
      code: 'eligible',
      reason: 'Could have served.',
      score: 0.695,
      parts: { weight: 0.695, headroom: 0.695, errorRate: 0, troubleRate: 0, inflight: 0 },
    },
    {
      accountId: 'c',
      verdict: 'excluded',
      code: 'limited',
      reason: 'Its usage limit is reached until 2026-03-01T12:01:00.000Z.',
      score: null,
      parts: { weight: 1, headroom: 1, errorRate: 0, troubleRate: 0, inflight: 0 },
    },
  ]);
});

test('why each account was kept out', () => {
  const fixture = selectorOver(accounts('busy', 'ceiling', 'free', 'keep', 'model', 'rest', 'tried'));
  const only = (id: string) =>
    ['busy', 'ceiling', 'free', 'keep', 'model', 'rest', 'tried'].filter((one) => one !== id);
  const leaseOf = (id: string) =>
    leased(fixture.selector.lease({ model: 'gpt-5.5', excluded: new Set(only(id)), binding: FREE }));
  leaseOf('busy');
  leaseOf('model').release({ ok: false, blame: 'model', firstEventMs: null });
  leaseOf('rest').release({ ok: false, blame: 'network', firstEventMs: null });
  fixture.setPolicy('busy', { maxConcurrent: 1 });
  fixture.setPolicy('ceiling', { maxUsedPercent: 80 });
  fixture.setPolicy('keep', { preference: 'preserve' });
  fixture.setQuota('ceiling', { kind: 'usable' }, { shortPercent: 80 });
  fixture.nowMs += 1000;
  fixture.setPool(accounts('busy', 'ceiling', 'free', 'keep', 'model', 'rest', 'tried'), [
    { id: 'out', status: 'paused', untilMs: null },
    { id: 'dead', status: 'reauth_required', untilMs: null },
  ]);
  const decision = explained(fixture, FREE, ['tried']);
  expect(codes(decision)).toEqual({
    free: 'picked',
    busy: 'busy',
    ceiling: 'above_ceiling',
    keep: 'preserved',
    model: 'model_refused',
    rest: 'cooling',
    tried: 'tried',
    out: 'paused',
    dead: 'reauth_required',
  });
  const reasonOf = (id: string): unknown => decision.candidates.find(({ accountId }) => accountId === id)?.reason;
  expect(reasonOf('busy')).toBe('As many turns in flight as it may have (1).');
  expect(reasonOf('ceiling')).toBe('Used beyond the 80 % that it may be used.');
  expect(reasonOf('model')).toBe('Does not serve gpt-5.5; asked again from 2026-03-01T12:10:00.000Z.');
  expect(reasonOf('rest')).toBe('Rests after failures until 2026-03-01T12:00:05.000Z.');
  expect(decision).toMatchObject({ considered: 9, eligible: 1, accountId: 'free' });
});

test('an account that waits behind one to be burnt first', () => {
  const fixture = selectorOver(accounts('a', 'b'));
  fixture.setPolicy('b', { preference: 'burn_first' });
  expect(codes(explained(fixture))).toEqual({ b: 'picked', a: 'after_burn_first' });
});

describe('what bound it', () => {
  const session: Binding = { grade: 'should', accountId: 'b', boundBy: 'session' };
  const cipher: Binding = { grade: 'must', accountId: 'b', boundBy: 'ciphertext' };

  test('a session that serves where it belongs; the strategy was not asked', () => {
    const decision = explained(selectorOver(accounts('a', 'b')), session);
    expect(decision).toMatchObject({ grade: 'should', boundBy: 'session', boundAccountId: 'b', accountId: 'b' });
    expect(decision.candidates[0]).toMatchObject({
      code: 'bound',
      reason: 'The request belongs to this account (session).',
    });
    expect(decision.candidates.map(({ score }) => score)).toEqual([null, null]);
  });

  test('a session that had to move shows why', () => {
    const fixture = selectorOver(accounts('a'));
    fixture.setPool(accounts('a'), [{ id: 'b', status: 'rate_limited', untilMs: NOW + 1000 }]);
    const decision = explained(fixture, session);
    expect(decision).toMatchObject({ boundAccountId: 'b', accountId: 'a', considered: 2 });
    expect(codes(decision)).toEqual({ a: 'picked', b: 'rate_limited' });
  });

  test('a move tells what it threw away, staying does not', () => {
    const fixture = selectorOver(accounts('a', 'b'));
    const request = { model: null, binding: session, warmTokens: 900, isReleased: true };
    const told = (excluded: string[]): Decision => {
      const { decision } = fixture.selector.lease({ ...request, excluded: new Set(excluded) });
      return checkDecision(explainDecision(checkNote(JSON.parse(JSON.stringify(decision)))));
    };
    expect(told(['b'])).toMatchObject({ accountId: 'a', cachedTokensLost: 900, released: true });
    expect(told([])).toMatchObject({ accountId: 'b', cachedTokensLost: null });
  });

  test('an owner that is nowhere', () => {
    expect(codes(explained(selectorOver(accounts('a')), session))).toEqual({ a: 'picked', b: 'gone' });
  });

  test('a must shows its owner alone, and why it cannot', () => {
    const fixture = selectorOver(accounts('a', 'b', 'c'));
    expect(explained(fixture, cipher).candidates.map(({ accountId }) => accountId)).toEqual(['b']);
    const refused = explained(fixture, cipher, ['b']);
    expect(refused).toMatchObject({ accountId: null, refusal: 'owner_unavailable', considered: 3 });
    expect(codes(refused)).toEqual({ b: 'tried' });
  });

  test('a pin, a lock pool', () => {
    const fixture = selectorOver(accounts('a', 'b', 'c'));
    fixture.setPolicy('c', { pinned: true });
    expect(explained(fixture)).toMatchObject({ boundBy: 'pin', accountId: 'c' });
    fixture.setRules({ lockPool: new Set(['a', 'b']) });
    const locked = explained(fixture);
    expect(locked).toMatchObject({ boundBy: 'lock_pool' });
    expect(codes(locked)['c']).toBe('outside_lock_pool');
  });
});

test('a refusal of an empty pool still says something', () => {
  expect(explained(selectorOver([]))).toMatchObject({ accountId: null, refusal: 'none_usable', candidates: [] });
});

test('of a thousand accounts it shows twenty: the chosen one, the bound one, the best and some kept out', () => {
  const pool = Array.from({ length: 1000 }, (_, i) => account(`account-${String(i).padStart(4, '0')}`));
  const fixture = selectorOver(pool);
  fixture.setRules({ strategy: 'headroom' });
  for (const [i, { id }] of pool.entries())
    fixture.setQuota(id, { kind: 'usable' }, { shortPercent: i === 700 ? 0 : 40 + (i % 50) });
  fixture.setQuota('account-0500', { kind: 'limited', untilMs: NOW + 1, reason: '' });
  fixture.setQuota('account-0900', { kind: 'limited', untilMs: NOW + 1, reason: '' });
  const decision = explained(fixture, { grade: 'should', accountId: 'account-0900', boundBy: 'session' });
  expect(decision).toMatchObject({ considered: 1000, eligible: 998, accountId: 'account-0700' });
  expect(decision.candidates).toHaveLength(17);
  expect(codes(decision)).toMatchObject({
    'account-0700': 'picked',
    'account-0900': 'limited',
    'account-0500': 'limited',
  });
  const scores = decision.candidates.flatMap(({ verdict, score }) => (verdict === 'eligible' ? [score] : []));
  expect(scores).toEqual(scores.map(() => 0.6));
});

test('the score of the chosen one is at hand without the note', () => {
  const fixture = selectorOver(accounts('a'));
  fixture.setRules({ strategy: 'success_rate' });
  expect(leased(fixture.selector.lease({ model: null, excluded: new Set(), binding: FREE })).decision.score).toBe(1);
});

test('what was not measured is left out, and numbers are short', () => {
  const fixture = selectorOver(accounts('a'));
  fixture.setRules({ strategy: 'reset_soonest' });
  fixture.setQuota('a', { kind: 'usable' }, { shortPercent: 100 / 3 });
  const [first] = explained(fixture).candidates;
  expect(first).toMatchObject({ score: null, parts: { headroom: 0.6667, inflight: 0 } });
  expect(first?.parts).not.toHaveProperty('resetInMs');
});
