import { parseMachineTimes, statFields } from '../../bench/processes/proc-stat';

test('fields are found behind a command with blanks and brackets', () => {
  const fields = statFields('4242 (a) b (c)) S 17 4242 4242 0 -1 4194304 100 0 0 0 250 50 0 0');
  expect({ state: fields[0], parent: fields[1], utime: fields[11], stime: fields[12] }).toEqual({
    state: 'S',
    parent: '17',
    utime: '250',
    stime: '50',
  });
});

test('times of the whole machine, in microseconds', () => {
  const stat = 'cpu  100 1 50 800 20 3 4 22 0 0\ncpu0 1 2 3 4\nintr 5\n';
  expect(parseMachineTimes(stat)).toEqual({ busyMicros: 1_580_000, idleMicros: 8_200_000, stealMicros: 220_000 });
});
