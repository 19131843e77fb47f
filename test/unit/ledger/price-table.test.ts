import { parsePriceTable, priceOf } from '../../../sidecar/ledger/price-table';
import prices from '../../../sidecar/ledger/prices.json';
import { TightropeError } from '../../../sidecar/platform/errors';

const file = (models: Record<string, unknown>, aliases: Record<string, string> = {}): unknown => ({
  unit: 'USD per 1,000,000 tokens',
  asOf: '2026-01-01',
  source: 'test',
  flexDivisor: 2,
  models,
  aliases,
});

const refusal = (content: unknown): TightropeError => {
  try {
    parsePriceTable(content);
  } catch (error) {
    if (error instanceof TightropeError) return error;
    throw error;
  }
  throw new Error('the price file was accepted');
};

describe('price file', () => {
  it('keeps six decimals exactly', () => {
    const table = parsePriceTable(file({ m: { input: '0.000001', cachedInput: '0.1', output: '123.45' } }));
    expect(priceOf(table, 'm')?.standard).toEqual({ input: 1n, cachedInput: 100_000n, output: 123_450_000n });
  });

  it.each(['-1', '1e3', '0.1234567', '', 'free', '1.'])('refuses the price %j', (input) => {
    expect(refusal(file({ m: { input, cachedInput: null, output: '1' } })).code).toBe('invalid_field');
  });

  it('refuses numbers, unknown fields and missing fields', () => {
    for (const entry of [
      { input: 0.1, cachedInput: null, output: '1' },
      { input: '1', cachedInput: null, output: '1', prioriti: {} },
      { input: '1', output: '1' },
    ]) {
      expect(refusal(file({ m: entry })).code).toBe('invalid_field');
    }
  });

  it('refuses an alias without a target', () => {
    expect(refusal(file({}, { nick: 'nobody' }))).toMatchObject({ code: 'invalid_field', param: 'aliases.nick' });
  });

  it('has prices for every model of the built-in file, dearer at priority, dearer for long context', () => {
    const table = parsePriceTable(prices);
    expect(table.models.size).toBeGreaterThan(10);
    for (const price of table.models.values()) {
      expect(price.standard.cachedInput <= price.standard.input).toBe(true);
      for (const dearer of [price.priority, price.longContext?.rates]) {
        if (dearer === null || dearer === undefined) continue;
        expect(dearer.input >= price.standard.input && dearer.output >= price.standard.output).toBe(true);
      }
    }
  });
});
