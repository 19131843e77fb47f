import fc from 'fast-check';
import { StopSequences } from '../../../../sidecar/gateway/protocol/stop-sequences';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c') });
const sequences = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), {
  maxLength: 3,
});

test('the text ends in front of the first sequence, however it is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(letters), sequences, (pieces, stops) => {
      const filter = new StopSequences(stops);
      let shown = '';
      let read = '';
      for (const piece of pieces) {
        if (filter.hit === null) read += piece;
        shown += filter.push(piece);
      }
      shown += filter.flush();
      const ends = stops.map((stop) => read.indexOf(stop)).filter((at) => at !== -1);
      expect(shown).toBe(ends.length === 0 ? pieces.join('') : read.slice(0, Math.min(...ends)));
      expect(filter.hit === null).toBe(ends.length === 0);
    }),
  );
});

test('nothing waits that cannot become a sequence', () => {
  const filter = new StopSequences(['END']);
  expect([filter.push('one E'), filter.push('x'), filter.push(' EN'), filter.flush()]).toEqual([
    'one ',
    'Ex',
    ' ',
    'EN',
  ]);
});
