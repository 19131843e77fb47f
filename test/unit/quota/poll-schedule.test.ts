import fc from 'fast-check';
import { PollSchedule } from '../../../sidecar/quota/poll-schedule';
import { HOUR, MINUTE, NOW, SECOND } from './header-sets';

const INTERVAL = MINUTE;
const scheduleWith = (random: number): PollSchedule => new PollSchedule({ intervalMs: INTERVAL, random: () => random });

test('a new account is due within ten seconds', () => {
  for (const random of [0, 0.5, 0.999]) {
    const schedule = scheduleWith(random);
    schedule.sync(['a'], () => null, NOW);
    expect(schedule.nextDue(NOW + 10 * SECOND)).toBe('a');
  }
});

test('the account that waits longest comes first, and one that is being asked does not come again', () => {
  const schedule = scheduleWith(0.5);
  schedule.sync(['late'], () => null, NOW);
  schedule.sync(['late', 'later'], () => null, NOW + SECOND);
  expect(schedule.nextDue(NOW + MINUTE)).toBe('late');
  schedule.started('late');
  expect(schedule.nextDue(NOW + MINUTE)).toBe('later');
  schedule.started('later');
  expect(schedule.nextDue(NOW + HOUR)).toBeNull();
});

test('an account that is gone is forgotten', () => {
  const schedule = scheduleWith(0);
  schedule.sync(['a'], () => null, NOW);
  schedule.sync([], () => null, NOW);
  expect(schedule.nextDue(NOW + HOUR)).toBeNull();
  expect(schedule.state('a')).toBeUndefined();
});

test('"soon" does not ask more often than every ten seconds and respects a back-off', () => {
  const schedule = scheduleWith(0.5);
  schedule.sync(['a'], () => null, NOW);
  schedule.succeeded('a', null, NOW);
  schedule.soon('a', NOW + SECOND);
  expect(schedule.nextDue(NOW + 9 * SECOND)).toBeNull();
  expect(schedule.nextDue(NOW + 10 * SECOND)).toBe('a');
  schedule.failed('a', 'http_500', null, NOW + 10 * SECOND);
  schedule.soon('a', NOW + 11 * SECOND);
  expect(schedule.nextDue(NOW + 60 * SECOND)).toBeNull();
});

test('a back-off ends after half an hour, whatever upstream asks for after an hour', () => {
  const schedule = scheduleWith(0.5);
  schedule.sync(['a'], () => null, NOW);
  for (let i = 0; i < 50; i++) schedule.failed('a', 'http_500', null, NOW);
  expect(schedule.nextDue(NOW + 31 * MINUTE)).toBe('a');
  schedule.failed('a', 'http_429', 48 * HOUR, NOW);
  expect(schedule.nextDue(NOW + 59 * MINUTE)).toBeNull();
  expect(schedule.nextDue(NOW + 61 * MINUTE)).toBe('a');
});

test('after anything that can happen, an account is due again within 66 minutes', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('failed' as const), retryAfterMs: fc.option(fc.double({ min: 0, noNaN: true })) }),
    fc.record({ kind: fc.constant('succeeded' as const), returnAtMs: fc.option(fc.integer()) }),
    fc.record({ kind: fc.constant('soon' as const) }),
    fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: -48 * HOUR, max: 48 * HOUR }) }),
  );
  fc.assert(
    fc.property(fc.array(step), fc.double({ min: 0, max: 0.999, noNaN: true }), (steps, random) => {
      const schedule = scheduleWith(random);
      let nowMs = NOW;
      schedule.sync(['a'], () => null, nowMs);
      for (const one of steps) {
        if (one.kind === 'failed') schedule.failed('a', 'x', one.retryAfterMs, nowMs);
        else if (one.kind === 'succeeded') schedule.succeeded('a', one.returnAtMs, nowMs);
        else if (one.kind === 'soon') schedule.soon('a', nowMs);
        else nowMs += one.ms;
      }
      expect(schedule.nextDue(nowMs) ?? schedule.nextDue(nowMs + 66 * MINUTE)).toBe('a');
    }),
  );
});
