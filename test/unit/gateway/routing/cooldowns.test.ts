/** Failures that are nobody's fault for certain make accounts rest, but never more than half of the pool (field.md 25, 3.1 no. 9). */
import fc from 'fast-check';
import { AccountSignals } from '../../../../sidecar/gateway/routing/account-signals';
import { endRest, isCooling, restAfterFailure } from '../../../../sidecar/gateway/routing/cooldowns';
import { NOW } from './selector-fixture';

const poolOf = (size: number): AccountSignals[] =>
  Array.from({ length: size }, (_, slot) => new AccountSignals(`account-${slot}`, slot));
const at = (pool: readonly AccountSignals[], index: number): AccountSignals =>
  pool[index] ?? new AccountSignals('?', 0);
/** Jitter is nothing at 0.5. */
const fail = (pool: readonly AccountSignals[], index: number, nowMs: number, random = 0.5): void =>
  restAfterFailure(at(pool, index), 'upstream', pool, nowMs, () => random);
const resting = (pool: readonly AccountSignals[], nowMs: number): number =>
  pool.filter((one) => isCooling(one, nowMs)).length;

test('rests of 5, 10, 20 s and so on up to 5 min; a success starts over', () => {
  const pool = poolOf(4);
  const rests: number[] = [];
  let nowMs = NOW;
  for (let failure = 0; failure < 8; failure += 1) {
    fail(pool, 0, nowMs);
    rests.push(at(pool, 0).coolingUntilMs - nowMs);
    nowMs = at(pool, 0).coolingUntilMs;
  }
  expect(rests).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  endRest(at(pool, 0));
  fail(pool, 0, nowMs);
  expect(at(pool, 0).coolingUntilMs - nowMs).toBe(5000);
});

test('rests differ by a fifth in either direction', () => {
  const pool = poolOf(4);
  fail(pool, 0, NOW, 0);
  expect(at(pool, 0).coolingUntilMs - NOW).toBe(4000);
  fail(pool, 1, NOW + 20_000, 1 - Number.EPSILON);
  expect(at(pool, 1).coolingUntilMs - NOW - 20_000).toBeCloseTo(6000);
});

test('turns that fail together on one account are one failure', () => {
  const pool = poolOf(4);
  for (let turn = 0; turn < 50; turn += 1) fail(pool, 0, NOW + turn);
  expect(at(pool, 0).coolingUntilMs).toBe(NOW + 5000);
});

test('after ten quiet minutes a failure is a first one again', () => {
  const pool = poolOf(4);
  fail(pool, 0, NOW);
  fail(pool, 0, NOW + 5000);
  fail(pool, 0, NOW + 5000 + 600_001);
  expect(at(pool, 0).coolingUntilMs - (NOW + 605_001)).toBe(5000);
});

test('the only account never rests', () => {
  const pool = poolOf(1);
  fail(pool, 0, NOW);
  expect(resting(pool, NOW)).toBe(0);
});

test('when more than half fail the same way together, it is an incident: nobody rests for it', () => {
  const pool = poolOf(4);
  fail(pool, 0, NOW);
  fail(pool, 1, NOW + 1000);
  expect(resting(pool, NOW + 1000)).toBe(2);
  fail(pool, 2, NOW + 2000);
  expect(resting(pool, NOW + 2000)).toBe(0);
  fail(pool, 0, NOW + 60_000);
  expect(at(pool, 0).coolingUntilMs).toBe(NOW + 65_000);
});

test('with half of the pool at rest nobody else rests', () => {
  const pool = poolOf(4);
  fail(pool, 0, NOW);
  fail(pool, 0, NOW + 5000);
  fail(pool, 0, NOW + 15_000);
  fail(pool, 1, NOW + 30_000);
  fail(pool, 1, NOW + 34_999);
  expect(resting(pool, NOW + 30_001)).toBe(2);
  restAfterFailure(at(pool, 2), 'network', pool, NOW + 30_002, () => 0.5);
  expect(resting(pool, NOW + 30_002)).toBe(2);
  expect(isCooling(at(pool, 2), NOW + 30_002)).toBe(false);
});

test('property: whatever fails when, at most half of the pool rests', () => {
  const failure = fc.record({
    index: fc.nat(19),
    trouble: fc.constantFrom('upstream' as const, 'network' as const),
    afterMs: fc.oneof(fc.nat(50), fc.nat(30_000), fc.nat(900_000)),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(failure, { maxLength: 80 }), (size, failures) => {
      const pool = poolOf(size);
      let nowMs = NOW;
      for (const { index, trouble, afterMs, random } of failures) {
        nowMs += afterMs;
        restAfterFailure(at(pool, index % size), trouble, pool, nowMs, () => random);
        expect(resting(pool, nowMs)).toBeLessThanOrEqual(size / 2);
      }
    }),
  );
});
