/** Whatever the order in which upstream's words arrive, the newest word on each window stands. */
import fc from 'fast-check';
import type { QuotaSource } from '../../../sidecar/contract/quota';
import type { FamilyReport, QuotaReport, WindowFacts } from '../../../sidecar/quota/quota-report';
import { EMPTY_SNAPSHOT, withReport, type QuotaSnapshot } from '../../../sidecar/quota/quota-snapshot';
import { classOfWindow } from '../../../sidecar/quota/window-class';
import { NOW } from './header-sets';

const LENGTHS = [18_000, 604_800, 2_592_000, 259_200, null];
const FAMILIES = ['codex', 'codex_bengalfox', 'code_review'];

const windowFacts: fc.Arbitrary<WindowFacts> = fc
  .record({
    usedPercent: fc.integer({ min: 0, max: 100 }),
    windowSeconds: fc.constantFrom(...LENGTHS),
    resetAtMs: fc.option(fc.integer({ min: NOW, max: NOW + 1000 })),
  })
  .map((facts) => ({ ...facts, class: classOfWindow(facts.windowSeconds) }));

const family: fc.Arbitrary<FamilyReport> = fc.record({
  id: fc.constantFrom(...FAMILIES),
  name: fc.option(fc.constantFrom('GPT-5.3-Codex-Spark', 'codex_other')),
  windows: fc.uniqueArray(windowFacts, { selector: (window) => window.class, maxLength: 3 }),
  complete: fc.boolean(),
  reached: fc.option(fc.boolean()),
});

const report: fc.Arbitrary<QuotaReport> = fc.record({
  source: fc.constantFrom<QuotaSource>('headers', 'event', 'poll', 'error'),
  // Few moments, so that many words are of the same one.
  observedAtMs: fc.integer({ min: NOW, max: NOW + 6 }),
  planType: fc.option(fc.constantFrom('pro', 'plus')),
  credits: fc.option(
    fc.record({ hasCredits: fc.boolean(), unlimited: fc.boolean(), balance: fc.option(fc.constantFrom('0', '5')) }),
  ),
  spendingStopped: fc.option(fc.boolean()),
  families: fc.uniqueArray(family, { selector: ({ id }) => id, maxLength: 3 }),
  complete: fc.boolean(),
});

const after = (reports: readonly QuotaReport[]): QuotaSnapshot => reports.reduce(withReport, EMPTY_SNAPSHOT);

/** An account of which nothing is known and one that is listed without any figure are the same. */
function figuresOf(snapshot: QuotaSnapshot): unknown {
  const families = snapshot.families.filter(
    ({ windows, reached, name }) => windows.length > 0 || reached !== null || name !== null,
  );
  return { ...snapshot, families };
}

test('any order of messages gives the same snapshot', () => {
  const shuffled = fc.array(report, { minLength: 2, maxLength: 7 }).chain((reports) =>
    fc.record({
      reports: fc.constant(reports),
      other: fc.shuffledSubarray(reports, { minLength: reports.length, maxLength: reports.length }),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ reports, other }) => {
      expect(figuresOf(after(other))).toEqual(figuresOf(after(reports)));
    }),
    { numRuns: 1000 },
  );
});

test('of each window the newest observation stands', () => {
  fc.assert(
    fc.property(fc.array(report, { minLength: 1, maxLength: 7 }), (reports) => {
      for (const { id, windows } of after(reports).families) {
        for (const window of windows) {
          const said = reports.flatMap(({ observedAtMs, families }) =>
            families
              .filter((one) => one.id === id && one.windows.some((facts) => facts.class === window.class))
              .map(() => observedAtMs),
          );
          expect(window.observedAtMs).toBe(Math.max(...said));
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a message never changes the snapshot it was added to', () => {
  fc.assert(
    fc.property(fc.array(report, { minLength: 1, maxLength: 4 }), report, (reports, last) => {
      const before = after(reports);
      const copy = JSON.stringify(before);
      withReport(before, last);
      expect(JSON.stringify(before)).toBe(copy);
    }),
  );
});
