import fc from 'fast-check';
import { importBatches } from '../../../sidecar/cli/import-batches';

describe('batches of an import', () => {
  it('keep every login in its order, none empty, each within the bounds unless one login is larger by itself', () => {
    const login = fc.oneof(
      fc.integer(),
      fc.constant('x'.repeat(400_000)),
      fc.constant('y'.repeat(900_000)),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(login, { maxLength: 12 }), (logins) => {
        const batches = importBatches(logins);
        expect(batches.flat()).toEqual(logins);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          if (batch.length > 1) expect(JSON.stringify(batch).length).toBeLessThan(1_000_000);
        }
      }),
      { numRuns: 40 },
    );
  });
});
