import { visibleRange } from '../../../ui/components/data-table/visible-range';
import { linePath } from '../../../ui/components/sparkline/line-path';
import { readWhole } from '../../../ui/format/input';
import { outcomeOf, percentileOf } from '../../../ui/format/log';
import { withGaps } from '../../../ui/format/trend';
import { csvCell } from '../../../ui/pages/logs/logs-csv';

test('of five thousand rows only those around the view exist', () => {
  const { first, end } = visibleRange(30_000, 600, 30, 5_000);
  expect(first).toBe(992);
  expect(end).toBe(1_028);
  expect(visibleRange(0, 600, 30, 3)).toEqual({ first: 0, end: 3 });
  expect(visibleRange(9_000, 600, 30, 3).end).toBe(3);
});

test('a line has gaps where nothing was measured', () => {
  expect(linePath([1, null, 1], 100, 20).match(/M/g)).toHaveLength(2);
  const { times, rows } = withGaps([{ atMs: 0 }, { atMs: 10 }, { atMs: 100 }], 10);
  expect(times).toEqual([0, 10, 20, 100]);
  expect(rows[2]).toBeNull();
});

test('outcomes are those of the filter of GET /api/logs', () => {
  const outcome = (statusCode: number, errorCode: string | null = null): string => outcomeOf({ statusCode, errorCode });
  expect([outcome(200), outcome(404), outcome(503), outcome(200, 'stream_incomplete')]).toEqual([
    'ok',
    'warn',
    'error',
    'error',
  ]);
  expect([percentileOf([], 0.5), percentileOf([3, 1, 2], 0.5), percentileOf([3, 1, 2], 0.95)]).toEqual([null, 2, 3]);
});

test('a spreadsheet gets no formula and no broken row', () => {
  expect([csvCell('=1+1'), csvCell('a"b,c'), csvCell(null), csvCell(12)]).toEqual(["'=1+1", '"a""b,c"', '', '12']);
});

test('typed numbers are read, never clamped', () => {
  expect([readWhole('', 1, 9), readWhole(' 7 ', 1, 9), readWhole('10', 1, 9), readWhole('1.5', 1, 9)]).toEqual([
    null,
    7,
    undefined,
    undefined,
  ]);
});
