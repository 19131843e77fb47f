import fc from 'fast-check';
import { editDistance, nearestName } from '../../../sidecar/config/nearest-name';

describe('suggestions for misspelt names', () => {
  it.each([
    ['prot', ['host', 'port', 'db'], 'port'],
    ['--hst', ['--host', '--help'], '--host'],
    ['PORT', ['port'], 'port'],
    ['zzzz', ['host', 'port'], null],
    ['foo', ['db', 'host'], null],
    ['x', [], null],
  ])('%j among %j is %j', (given, known, expected) => {
    expect(nearestName(given, known)).toBe(expected);
  });

  it('measure a distance: zero only to itself, the same both ways, at most the longer length', () => {
    const short = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', '_') });
    fc.assert(
      fc.property(short, short, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
