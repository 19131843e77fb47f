/** The routing price table (spec/proxy.md 10.6). */
import { relativeCost } from '../../../../sidecar/gateway/routing/routing-cost';

const NONE = new Map<string, { input: number; output: number }>();

test.each([
  ['free', 0.1],
  ['plus', 0.35],
  ['pro', 0.5],
  ['team', 0.65],
  ['business', 0.8],
  ['Enterprise', 1],
  ['edu', 0.6],
  [null, 0.6],
])('%s without a model costs %d', (plan, cost) => {
  expect(relativeCost(plan, null, NONE)).toBeCloseTo(cost);
});

test('the model weighs input and output differently: mini before o before gpt-5 before gpt-4.1', () => {
  const plus = (model: string): number => relativeCost('plus', model, NONE);
  const against = (input: number, output: number): number =>
    (0.1 * input + 0.25 * output) / (0.4 * input + 0.6 * output);
  expect(plus('gpt-5-mini')).toBeCloseTo(against(0.55, 0.5));
  expect(plus('o3')).toBeCloseTo(against(1.15, 1.6));
  expect(plus('GPT-5.5')).toBeCloseTo(against(1.1, 1.4));
  expect(plus('gpt-4.1')).toBeCloseTo(against(0.95, 1.1));
  expect(plus('something')).toBeCloseTo(0.35);
});

test('a configured price is taken as it is, the exact model before the wildcard', () => {
  const prices = new Map([
    ['plus@gpt-5.5', { input: 0.3, output: 0.2 }],
    ['plus@*', { input: 0.05, output: 0.05 }],
    ['enterprise@*', { input: 0.4, output: 0.6 }],
  ]);
  expect(relativeCost('plus', 'gpt-5.5', prices)).toBeCloseTo(0.5);
  expect(relativeCost('plus', 'gpt-4.1', prices)).toBeCloseTo(0.1);
  expect(relativeCost('plus', null, prices)).toBeCloseTo(0.1);
});

test('never more than 1, and 0.5 when the dearest plan costs nothing', () => {
  expect(relativeCost('plus', null, new Map([['plus@*', { input: 9, output: 9 }]]))).toBe(1);
  expect(relativeCost('plus', null, new Map([['enterprise@*', { input: 0, output: 0 }]]))).toBe(0.5);
});
