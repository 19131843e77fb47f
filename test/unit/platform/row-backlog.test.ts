import fc from 'fast-check';
import { RowBacklog } from '../../../sidecar/platform/row-backlog';

function filled(limit: number, rows: number): RowBacklog {
  const backlog = new RowBacklog(limit);
  for (let i = 1; i <= rows; i += 1) backlog.push({ i });
  return backlog;
}

test('rows leave in the order they came', () => {
  const backlog = filled(1000, 300);
  expect(backlog.begin(200)).toEqual(Array.from({ length: 200 }, (_, i) => ({ i: i + 1 })));
  backlog.written(0);
  expect(backlog.begin(200)[0]).toEqual({ i: 201 });
});

test('a failed batch is the next one again', () => {
  const backlog = filled(10, 3);
  backlog.begin(2);
  backlog.push({ i: 4 });
  backlog.failed();
  expect(backlog.begin(10)).toEqual([{ i: 1 }, { i: 2 }, { i: 3 }, { i: 4 }]);
  expect(backlog.dropped).toBe(0);
});

test('at the limit the oldest rows go and are counted', () => {
  const backlog = filled(3, 5);
  expect(backlog.dropped).toBe(2);
  expect(backlog.begin(10)).toEqual([{ i: 3 }, { i: 4 }, { i: 5 }]);
});

test('rows pushed out while they were being written count as lost only when that failed', () => {
  const backlog = filled(3, 3);
  backlog.begin(2);
  backlog.push({ i: 4 });
  backlog.written(0);
  expect(backlog.dropped).toBe(0);
  expect(backlog.begin(10)).toEqual([{ i: 3 }, { i: 4 }]);
  backlog.push({ i: 5 });
  backlog.push({ i: 6 });
  backlog.failed();
  expect(backlog.dropped).toBe(1);
  expect(backlog.begin(10)).toEqual([{ i: 4 }, { i: 5 }, { i: 6 }]);
});

type Step = { do: 'push' } | { do: 'begin'; max: number } | { do: 'end'; well: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>({ do: 'push' }) },
  fc.integer({ min: 1, max: 6 }).map((max): Step => ({ do: 'begin', max })),
  fc.boolean().map((well): Step => ({ do: 'end', well })),
);

test('whatever happens, every row is written once in order, waits, or is counted as dropped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 200 }), (limit, steps) => {
      const backlog = new RowBacklog(limit);
      const written: number[] = [];
      let pushed = 0;
      let batch: object[] | null = null;
      for (const action of steps) {
        if (action.do === 'push') backlog.push({ i: (pushed += 1) });
        else if (action.do === 'begin') batch ??= backlog.begin(action.max);
        else if (batch !== null) {
          if (action.well) {
            backlog.written(0);
            written.push(...batch.map((row) => ('i' in row ? Number(row.i) : NaN)));
          } else backlog.failed();
          batch = null;
        }
      }
      if (batch !== null) backlog.failed();
      expect(written).toEqual([...new Set(written)].sort((a, b) => a - b));
      expect(written.length + backlog.size + backlog.dropped).toBe(pushed);
      expect(backlog.settled).toBe(pushed - backlog.size);
      expect(backlog.size).toBeLessThanOrEqual(limit);
    }),
  );
});
