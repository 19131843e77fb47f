/** What is learnt from how attempts end. */
import type { Blame } from '../../../../sidecar/contract/turn-record';
import { DecayingRate } from '../../../../sidecar/gateway/routing/decaying-rate';
import { FirstEventTimes } from '../../../../sidecar/gateway/routing/first-event-times';
import { PoolSignals } from '../../../../sidecar/gateway/routing/pool-signals';
import { NOW } from './selector-fixture';

const MINUTE = 60_000;
const failed = (blame: Blame) => ({ ok: false, blame, firstEventMs: 900 }) as const;
const ok = (firstEventMs: number) => ({ ok: true, blame: null, firstEventMs }) as const;

describe('a decaying rate', () => {
  test('one sample counts its share, a good one takes the same share away', () => {
    const rate = new DecayingRate(5 * MINUTE, 0.1);
    rate.add(1, NOW);
    expect(rate.at(NOW)).toBeCloseTo(0.1);
    rate.add(1, NOW);
    expect(rate.at(NOW)).toBeCloseTo(0.19);
    rate.add(0, NOW);
    expect(rate.at(NOW)).toBeCloseTo(0.171);
  });

  test('good samples take it back to nothing', () => {
    const rate = new DecayingRate(5 * MINUTE, 0.1);
    rate.add(1, NOW);
    for (let i = 0; i < 44; i += 1) rate.add(0, NOW);
    expect(rate.at(NOW)).toBe(0);
  });

  test('it falls by half in a half-life, and a clock that is set back does no harm', () => {
    const rate = new DecayingRate(5 * MINUTE, 0.5);
    rate.add(1, NOW);
    expect(rate.at(NOW + 5 * MINUTE)).toBeCloseTo(0.25);
    expect(rate.at(NOW - 60 * MINUTE)).toBeCloseTo(0.5);
    rate.add(1, NOW - 60 * MINUTE);
    expect(rate.at(NOW - 55 * MINUTE)).toBeCloseTo(0.375);
  });
});

describe('times to the first event', () => {
  const read = (times: FirstEventTimes, model: string, slot: number, nowMs: number): number =>
    times.at(times.column(model), slot, nowMs);

  test('the first one is the mean, the next ones count a fifth and more the older it is', () => {
    const times = new FirstEventTimes();
    times.add('m', 3, 1000, NOW);
    expect(read(times, 'm', 3, NOW)).toBe(1000);
    times.add('m', 3, 2000, NOW);
    expect(read(times, 'm', 3, NOW)).toBeCloseTo(1200);
    times.add('m', 3, 3200, NOW + 2 * MINUTE);
    expect(read(times, 'm', 3, NOW + 2 * MINUTE)).toBeCloseTo(2200);
  });

  test('read as half after two minutes, so that a slow account is tried again', () => {
    const times = new FirstEventTimes();
    times.add('m', 0, 1000, NOW);
    expect(read(times, 'm', 0, NOW + 2 * MINUTE)).toBeCloseTo(500);
  });

  test('by model and account; 0 where nothing is known', () => {
    const times = new FirstEventTimes();
    times.add('slow', 0, 60_000, NOW);
    times.add('fast', 200, 100, NOW);
    expect([read(times, 'slow', 0, NOW), read(times, 'fast', 0, NOW), read(times, 'fast', 200, NOW)]).toEqual([
      60_000, 0, 100,
    ]);
    expect(read(times, 'unknown', 0, NOW)).toBe(0);
    times.forget(200);
    expect(read(times, 'fast', 200, NOW)).toBe(0);
  });

  test('of more models than fit, the one used longest ago is forgotten', () => {
    const times = new FirstEventTimes();
    for (let i = 0; i < 32; i += 1) times.add(`m${i}`, 0, 10, NOW);
    times.add('m0', 0, 10, NOW);
    times.add('another', 0, 10, NOW);
    expect([times.column('m0') !== null, times.column('m1') !== null]).toEqual([true, false]);
  });
});

describe('an outcome', () => {
  const signals = new PoolSignals(() => 0.5);
  let nowMs = NOW;
  const learn = (id: string, outcome: Parameters<PoolSignals['learn']>[2]) => {
    const account = signals.of(id);
    signals.learn(
      account,
      'gpt-5.5',
      outcome,
      ['a', 'b', 'c', 'd'].map((one) => signals.of(one)),
      nowMs,
    );
    return account;
  };
  beforeEach(() => {
    nowMs += 3_600_000;
  });

  test.each(['payload', 'client', 'local'] as const)('with blame %s says nothing about the account', (blame) => {
    const account = learn('a', failed(blame));
    expect([account.errorRate('account', nowMs), account.coolingUntilMs > nowMs]).toEqual([0, false]);
    expect(signals.times.column('gpt-5.5')).toBeNull();
  });

  test('by the account’s own fault raises its error rate and makes nobody rest', () => {
    const account = learn('a', failed('account'));
    expect(account.errorRate('account', nowMs)).toBeCloseTo(0.1);
    expect(account.coolingUntilMs).toBeLessThanOrEqual(nowMs);
  });

  test.each(['upstream', 'network'] as const)(
    'with blame %s makes it rest and leaves its own error rate alone',
    (blame) => {
      const account = learn('b', failed(blame));
      expect(account.errorRate('account', nowMs)).toBe(0);
      expect(account.errorRate(blame, nowMs)).toBeCloseTo(0.1, 3);
      expect(account.coolingUntilMs).toBeGreaterThan(nowMs);
    },
  );

  test('that is good ends the rest, lowers the rates and is timed', () => {
    learn('c', failed('upstream'));
    const account = learn('c', ok(250));
    expect(account.coolingUntilMs).toBe(0);
    expect(account.errorRate('upstream', nowMs)).toBeCloseTo(0.09);
    expect(signals.times.at(signals.times.column('gpt-5.5'), account.slot, nowMs)).toBe(250);
  });

  test('of which nothing is known changes nothing', () => {
    const account = learn('d', { ok: false, blame: null, firstEventMs: null });
    expect([account.errorRate('account', nowMs), account.coolingUntilMs]).toEqual([0, 0]);
  });
});

describe('accounts that are gone', () => {
  test('are forgotten once there are many, unless they hold a lease; their slots are used again', () => {
    const signals = new PoolSignals(() => 0.5);
    for (let i = 0; i < 300; i += 1) signals.of(`account-${i}`);
    const held = signals.of('account-7');
    held.inflight = 1;
    signals.times.add('m', signals.of('account-9').slot, 100, NOW);
    expect(signals.sweep(new Set(['account-1']))).toHaveLength(298);
    expect([signals.get('account-1')?.slot, signals.get('account-7'), signals.get('account-9')]).toEqual([
      1,
      held,
      undefined,
    ]);
    const fresh = signals.of('new');
    expect(fresh.slot).toBeLessThan(300);
    expect(signals.times.at(signals.times.column('m'), 9, NOW)).toBe(0);
  });

  test('a few are kept: a limited account comes back with what was known of it', () => {
    const signals = new PoolSignals(() => 0.5);
    signals.of('limited');
    expect(signals.sweep(new Set())).toEqual([]);
    expect(signals.get('limited')).toBeDefined();
  });
});
