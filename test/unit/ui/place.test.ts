import fc from 'fast-check';
import { formatPlace, parsePlace, PAGES } from '../../../ui/state/place';

test('an address is read back as it was written', () => {
  const places = fc.record({
    page: fc.constantFrom(...PAGES),
    part: fc.string({ minLength: 1 }).filter((part) => !part.startsWith('/') && !part.endsWith('/')),
    query: fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
      fc.string({ minLength: 1 }),
      { noNullPrototype: true },
    ),
  });
  fc.assert(
    fc.property(places, (place) => {
      expect(parsePlace(formatPlace(place))).toEqual(place);
    }),
  );
});

test('unknown pages and broken escapes do not break the page', () => {
  expect(parsePlace('#/nowhere')).toMatchObject({ page: 'dashboard' });
  expect(parsePlace('#/logs/%E0%A4%A')).toMatchObject({ page: 'logs', part: '%E0%A4%A' });
});
