import { functionTimes, type CpuProfile } from '../../bench/profile/cpu-profile';

const frame = (functionName: string) => ({ functionName, url: 'file', lineNumber: 0, columnNumber: 0 });

/** root → outer → inner → outer (recursion) */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2] },
    { id: 2, callFrame: frame('outer'), children: [3] },
    { id: 3, callFrame: frame('inner'), children: [4] },
    { id: 4, callFrame: frame('outer') },
  ],
  startTime: 1_000,
  samples: [2, 3, 4, 3],
  timeDeltas: [10, 20, 40, 80],
};

function timesOf(fromMicros: number, toMicros: number): Record<string, readonly [number, number]> {
  const times = functionTimes(profile, fromMicros, toMicros);
  return Object.fromEntries(times.map((one) => [one.frame.functionName, [one.selfMicros, one.totalMicros] as const]));
}

test('self times are added up, recursive functions counted once in total times', () => {
  expect(timesOf(0, 10_000)).toEqual({ '(root)': [0, 150], outer: [50, 150], inner: [100, 140] });
});

test('only samples of the window count', () => {
  expect(timesOf(1_030, 1_071)).toEqual({ '(root)': [0, 60], outer: [40, 60], inner: [20, 60] });
});
