import fc from 'fast-check';
import { BUILT_IN_PRICES, costMicroUsd, type TokenUsage } from '../../../sidecar/ledger/cost';

const usage = (inputTokens: number | null, cachedTokens: number | null, outputTokens: number | null): TokenUsage => ({
  inputTokens,
  cachedTokens,
  outputTokens,
});
const million = 1_000_000;

describe('cost of a turn', () => {
  it.each([
    ['gpt-5.5', null, usage(200_000, 0, 0), million],
    ['gpt-5.4', null, usage(100_000, 0, 0), 250_000],
    ['gpt-5.4', null, usage(100_000, 100_000, 0), 25_000],
    ['gpt-5.4', null, usage(0, 0, million), 15_000_000],
    ['gpt-5.4-mini', 'default', usage(1000, 400, 200), 600 * 0.75 + 400 * 0.075 + 200 * 4.5],
    ['gpt-5.5', 'priority', usage(1000, 0, 1000), 12_500 + 75_000],
    ['gpt-5.5', 'fast', usage(1000, 0, 1000), 12_500 + 75_000],
    ['gpt-5.5', 'flex', usage(1000, 0, 1000), 2500 + 15_000],
    ['gpt-5.1-codex-mini', null, usage(4, 4, 0), 0],
    ['gpt-5.4', 'auto', usage(0, 0, 0), 0],
  ])('%s at tier %s', (model, tier, tokens, expected) => {
    expect(costMicroUsd(model, tier, tokens)).toBe(expected);
  });

  it('rounds half a micro-dollar up, once, after the sum', () => {
    expect(costMicroUsd('gpt-5.4', null, usage(1, 0, 0))).toBe(3);
    expect(costMicroUsd('gpt-5.4', null, usage(1, 1, 0))).toBe(0);
    expect(costMicroUsd('gpt-5.4', 'flex', usage(1, 0, 0))).toBe(1);
    expect(costMicroUsd('gpt-5.4', null, usage(3, 1, 0))).toBe(5);
  });

  it('charges the long-context price for the whole turn above its threshold, halved by flex', () => {
    expect(costMicroUsd('gpt-5.4', null, usage(272_000, 0, 10))).toBe(680_150);
    expect(costMicroUsd('gpt-5.4', null, usage(272_001, 0, 10))).toBe(1_360_005 + 225);
    expect(costMicroUsd('gpt-5.4', 'flex', usage(272_002, 0, 10))).toBe(680_005 + 113);
    expect(costMicroUsd('gpt-5.4', 'priority', usage(272_001, 0, 0))).toBe(1_360_005);
  });

  it('charges cached tokens in full where no discount exists', () => {
    expect(costMicroUsd('gpt-5.4-pro', null, usage(1000, 1000, 0))).toBe(30_000);
  });

  it('counts more cached than input tokens as all input', () => {
    expect(costMicroUsd('gpt-5.4', null, usage(1000, 5000, 0))).toBe(250);
  });

  it.each(['gpt-5.4-2026-03-05', 'GPT-5.4', ' gpt-5.4 ', 'gpt-5.4-20260305', 'gpt-5.4-latest'])(
    'prices %j as gpt-5.4',
    (model) => {
      expect(costMicroUsd(model, null, usage(1000, 0, 0))).toBe(2500);
    },
  );

  it('resolves an alias before its snapshot suffix', () => {
    expect(costMicroUsd('gpt-5.2-chat-latest', null, usage(1000, 0, 0))).toBe(1750);
  });

  it.each(['gpt-5.5-pro', 'gpt-5.6-sol', 'gpt-6', 'gpt-5.3-codex-spark', 'gpt-4', 'constructor', ''])(
    'knows no price for %j',
    (model) => {
      expect(costMicroUsd(model, null, usage(1000, 0, 1000))).toBeNull();
    },
  );

  it.each([
    ['no model', null, null, usage(1, 0, 1)],
    ['an unknown tier', 'gpt-5.4', 'ultrafast', usage(1, 0, 1)],
    ['a tier without a price', 'gpt-5.4-nano', 'priority', usage(1, 0, 1)],
    ['no usage', 'gpt-5.4', null, usage(null, null, null)],
    ['half of the usage', 'gpt-5.4', null, usage(5, 0, null)],
    ['a negative count', 'gpt-5.4', null, usage(-5, 0, 1)],
    ['a fraction', 'gpt-5.4', null, usage(1.5, 0, 1)],
    ['not a number', 'gpt-5.4', null, usage(Number.NaN, 0, 1)],
    ['a sum beyond exact numbers', 'gpt-5.4-pro', null, usage(Number.MAX_SAFE_INTEGER, 0, 1)],
  ])('is unknown, not 0, for %s', (_case, model, tier, tokens) => {
    expect(costMicroUsd(model, tier, tokens)).toBeNull();
  });
});

describe('cost of any turn', () => {
  const model = fc.constantFrom(...BUILT_IN_PRICES.models.keys());
  const tier = fc.constantFrom(null, 'default', 'flex', 'priority', 'auto');
  const tokens = fc.integer({ min: 0, max: 50_000_000 });

  /** Unknown costs (a tier without a price) make no statement. */
  const compare = (low: number | null, high: number | null): boolean => low === null || high === null || low <= high;

  it('is a whole number and never negative', () => {
    fc.assert(
      fc.property(model, tier, tokens, tokens, tokens, (name, level, input, cached, output) => {
        const cost = costMicroUsd(name, level, usage(input, cached, output));
        expect(cost === null ? 0 : cost).toBeGreaterThanOrEqual(0);
        expect(Number.isSafeInteger(cost ?? 0)).toBe(true);
      }),
    );
  });

  it('rises with input and output and falls with cached tokens', () => {
    fc.assert(
      fc.property(model, tier, tokens, tokens, tokens, tokens, (name, level, input, cached, output, more) => {
        const cost = costMicroUsd(name, level, usage(input, cached, output));
        expect(compare(cost, costMicroUsd(name, level, usage(input + more, cached, output)))).toBe(true);
        expect(compare(cost, costMicroUsd(name, level, usage(input, cached, output + more)))).toBe(true);
        expect(compare(costMicroUsd(name, level, usage(input, cached + more, output)), cost)).toBe(true);
      }),
    );
  });

  it('adds up to within one micro-dollar of rounding below the long-context threshold', () => {
    const few = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(model, tier, few, few, few, few, (name, level, inputA, outputA, inputB, outputB) => {
        const first = costMicroUsd(name, level, usage(inputA, 0, outputA));
        const second = costMicroUsd(name, level, usage(inputB, 0, outputB));
        const both = costMicroUsd(name, level, usage(inputA + inputB, 0, outputA + outputB));
        if (first === null || second === null || both === null) return;
        expect(Math.abs(first + second - both)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
