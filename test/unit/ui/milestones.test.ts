import type { Account } from '../../../sidecar/contract/account';
import { crossings } from '../../../ui/state/milestones';

const at = (usedPercent: number, resetAtMs = 1): readonly Account[] => [
  {
    accountId: 'a',
    windows: [{ class: 'short', usedPercent, windowSeconds: 18_000, resetAtMs, source: 'poll', observedAtMs: 1 }],
  } as unknown as Account,
];

test('the first look only takes note; each milestone is told once; a new window starts over', () => {
  const first = crossings(at(80), null);
  expect(first.crossed).toEqual([]);
  const second = crossings(at(91), first.told);
  expect(second.crossed.map(({ percent }) => percent)).toEqual([90]);
  expect(crossings(at(92), second.told).crossed).toEqual([]);
  expect(crossings(at(76, 2), second.told).crossed.map(({ percent }) => percent)).toEqual([75]);
});
