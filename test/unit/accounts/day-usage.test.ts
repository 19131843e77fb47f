import { DayUsage, type AccountUsage } from '../../../sidecar/accounts/day-usage';

let nowMs: number;
let asked: number;
let answer: () => Promise<ReadonlyMap<string, AccountUsage>>;
let day: DayUsage;

beforeEach(() => {
  nowMs = 1_000_000;
  asked = 0;
  answer = async () =>
    new Map([
      ['a', { requests: 2, costMicroUsd: 7 }],
      ['b', { requests: 1, costMicroUsd: null }],
    ]);
  const ask = () => {
    asked += 1;
    return answer();
  };
  day = new DayUsage(ask, { now: () => nowMs });
});

test('tells the figures and the highest cost among them', async () => {
  const { usage, highestCostMicroUsd } = await day.figures();
  expect([usage.get('b'), highestCostMicroUsd]).toEqual([{ requests: 1, costMicroUsd: null }, 7]);
});

test('asks at most once a second, however many want to know', async () => {
  await Promise.all([day.figures(), day.figures(), day.figures()]);
  nowMs += 999;
  await day.figures();
  expect(asked).toBe(1);
  nowMs += 1;
  await day.figures();
  expect(asked).toBe(2);
});

test('asks again after a failure', async () => {
  const works = answer;
  answer = () => Promise.reject(new Error('busy'));
  await expect(day.figures()).rejects.toThrow('busy');
  answer = works;
  await expect(day.figures()).resolves.toMatchObject({ highestCostMicroUsd: 7 });
});

test('a clock that is set back does not keep old figures for ever', async () => {
  await day.figures();
  nowMs -= 500_000;
  await day.figures();
  expect(asked).toBe(2);
});
