/** Windows, counters and reservations add up, whatever order turns come and end in (spec/data-security.md 8.6). */
import fc from 'fast-check';
import { LIMIT_TYPES, LIMIT_WINDOWS, type LimitType } from '../../../sidecar/contract/api-keys';
import { KeyMeter, type Holding } from '../../../sidecar/keys/key-meter';
import { LimitCounter, type Amounts } from '../../../sidecar/keys/limit-counter';
import { WINDOW_MS, windowEnd } from '../../../sidecar/keys/limit-window';

const START = Date.UTC(2026, 2, 1);
const NOTHING = { requests: 0, inputTokens: 0, outputTokens: 0, totalTokens: 0, costMicroUsd: 0 };

const amounts = fc.record({
  requests: fc.constant(1),
  input_tokens: fc.nat(5000),
  output_tokens: fc.nat(5000),
  total_tokens: fc.nat(10_000),
  cost_usd: fc.nat(100_000),
});

function counter(type: LimitType, maxValue: number, modelFilter = ''): LimitCounter {
  const resetAtMs = START + WINDOW_MS.daily;
  return new LimitCounter({ id: type, type, window: 'daily', modelFilter, maxValue }, { currentValue: 0, resetAtMs });
}

test('a window holds the moment it is asked for, and windows follow each other without a gap', () => {
  fc.assert(
    fc.property(fc.constantFrom(...LIMIT_WINDOWS), fc.nat(400 * WINDOW_MS.daily), (window, laterMs) => {
      const period = WINDOW_MS[window];
      const nowMs = START + laterMs;
      const end = windowEnd(START, period, nowMs);
      expect(end).toBeGreaterThan(nowMs);
      expect(end - period).toBeLessThanOrEqual(nowMs);
      expect((end - START) % period).toBe(0);
      expect(windowEnd(end, period, nowMs)).toBe(end);
    }),
  );
});

test('the last millisecond belongs to the old window, the reset time to the new one', () => {
  const held = counter('requests', 1);
  held.add(1, START);
  expect(held.isFull(START + WINDOW_MS.daily - 1)).toBe(true);
  expect(held.isFull(START + WINDOW_MS.daily)).toBe(false);
  expect(held.stateAt(START + WINDOW_MS.daily)).toEqual({ currentValue: 0, resetAtMs: START + 2 * WINDOW_MS.daily });
});

/** A turn begins, or the oldest one ends with or without use. */
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('begin' as const), estimate: amounts }),
    fc.record({ kind: fc.constant('end' as const), actual: fc.option(amounts) }),
  ),
  { maxLength: 60 },
);

test('nothing stays reserved, what counts is what was used, requests are exact', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 40_000 }), (run, most, tokens) => {
      const limits = LIMIT_TYPES.map((type) => counter(type, type === 'requests' ? most : tokens));
      const meter = new KeyMeter(limits, NOTHING, null);
      const open: Holding[] = [];
      const used: Amounts[] = [];
      const end = (actual: Amounts | null): void => {
        open.shift()?.settle(actual, START);
        if (actual !== null) used.push(actual);
      };
      for (const step of run) {
        if (step.kind === 'begin') {
          const held = meter.reserve(step.estimate, null, START);
          if (held.kind === 'held') open.push(held);
        } else if (open.length > 0) {
          end(step.actual);
        }
        for (const limit of limits) expect(limit.reserved).toBeGreaterThanOrEqual(0);
        expect(used.length + open.length).toBeLessThanOrEqual(most);
      }
      while (open.length > 0) end(null);
      for (const limit of limits) {
        expect(limit.reserved).toBe(0);
        const sum = used.reduce((total, actual) => total + actual[limit.terms.type], 0);
        expect(limit.stateAt(START).currentValue).toBe(sum);
      }
      expect(meter.open).toBe(0);
      expect(meter.totals.requests).toBe(used.length);
    }),
  );
});

test('a limit is passed by no more than the turns in flight use beyond what they hold', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(amounts, amounts), { maxLength: 40 }),
      fc.integer({ min: 1, max: 30_000 }),
      (turns, most) => {
        const limit = counter('total_tokens', most);
        const meter = new KeyMeter([limit], NOTHING, null);
        let beyond = 0;
        const ends: (() => void)[] = [];
        for (const [estimate, actual] of turns) {
          const before = limit.reserved;
          const held = meter.reserve(estimate, null, START);
          if (held.kind !== 'held') continue;
          beyond += Math.max(0, actual.total_tokens - (limit.reserved - before));
          ends.push(() => held.settle(actual, START));
        }
        for (const end of ends) end();
        expect(limit.stateAt(START).currentValue).toBeLessThanOrEqual(most + beyond);
      },
    ),
  );
});

test('settling twice counts once', () => {
  const limit = counter('requests', 5);
  const meter = new KeyMeter([limit], NOTHING, null);
  const one = { requests: 1, input_tokens: 1, output_tokens: 1, total_tokens: 2, cost_usd: 0 };
  const held = meter.reserve(one, null, START);
  if (held.kind !== 'held') throw new Error('refused');
  held.settle(one, START);
  held.settle(one, START);
  expect([limit.reserved, limit.stateAt(START).currentValue, meter.open]).toEqual([0, 1, 0]);
});

test('a limit for one model leaves the others alone', () => {
  const meter = new KeyMeter([counter('requests', 1, 'gpt-5.5')], NOTHING, null);
  const one = { requests: 1, input_tokens: 0, output_tokens: 0, total_tokens: 0, cost_usd: 0 };
  const kinds = ['gpt-5.5', 'gpt-5.5', 'gpt-5.4', null].map((model) => meter.reserve(one, model, START).kind);
  expect(kinds).toEqual(['held', 'reached', 'held', 'held']);
});

test('a turn that ends after the reset is counted in the new window', () => {
  const limit = counter('requests', 1);
  const meter = new KeyMeter([limit], NOTHING, null);
  const one = { requests: 1, input_tokens: 0, output_tokens: 0, total_tokens: 0, cost_usd: 0 };
  const held = meter.reserve(one, null, START);
  const next = START + WINDOW_MS.daily;
  expect(meter.reserve(one, null, next).kind).toBe('reached');
  if (held.kind === 'held') held.settle(one, next);
  expect(limit.stateAt(next)).toEqual({ currentValue: 1, resetAtMs: next + WINDOW_MS.daily });
});
