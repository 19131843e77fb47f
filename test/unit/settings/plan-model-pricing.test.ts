import fc from 'fast-check';
import { parsePriceOverrides } from '../../../sidecar/settings/plan-model-pricing';

const read = (text: string) => Object.fromEntries(parsePriceOverrides(text).prices);

test('entries are separated by comma or semicolon, names are trimmed and lower case', () => {
  expect(read(' Plus@GPT-5.4=0.10:0.25, enterprise@* = 0.40 : 0.60 ;; ')).toEqual({
    'plus@gpt-5.4': { input: 0.1, output: 0.25 },
    'enterprise@*': { input: 0.4, output: 0.6 },
  });
  expect(parsePriceOverrides(' , ;').malformed).toEqual([]);
});

test.each([
  'plus',
  'plus@gpt=1',
  '@gpt=1:2',
  'plus@=1:2',
  ' @ =1:2',
  'plus@gpt=-1:2',
  'plus@gpt=x:2',
  'plus@gpt=1:2:3',
  'plus@gpt=1e3:2',
  `plus@gpt=${'9'.repeat(400)}:1`,
])('%s is malformed and the others are read all the same', (entry) => {
  const { prices, malformed } = parsePriceOverrides(`a@b=1:2,${entry}`);
  expect(malformed).toEqual([entry.trim()]);
  expect([...prices.keys()]).toEqual(['a@b']);
});

test('the last entry of a name counts', () => {
  expect(read('a@b=1:2,A@B=3:4')).toEqual({ 'a@b': { input: 3, output: 4 } });
});

test('property: no text makes it throw, and every price is a finite number from 0', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a@*=:.,;019 ') }), (text) => {
      for (const { input, output } of parsePriceOverrides(text).prices.values()) {
        expect(Math.min(input, output)).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(input + output)).toBe(true);
      }
    }),
  );
});
