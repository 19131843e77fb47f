import { LockOut } from '../../../sidecar/signin/lock-out';

let nowMs = 1_790_000_000_000;
const lockOut = (): LockOut => new LockOut({ now: () => nowMs });

function fail(one: LockOut, times: number, client = 'a'): void {
  for (let attempt = 0; attempt < times; attempt += 1) one.attempt(client);
}

test('the fifth failure starts a pause of a minute, each further one doubles it, up to 15 minutes', () => {
  const one = lockOut();
  fail(one, 5);
  for (const seconds of [60, 120, 240, 480, 900, 900]) {
    const refused = { code: 'too_many_attempts', status: 429, headers: { 'retry-after': String(seconds) } };
    expect(() => one.attempt('a')).toThrow(expect.objectContaining(refused));
    nowMs += seconds * 1000 - 1;
    expect(() => one.attempt('a')).toThrow(expect.objectContaining({ headers: { 'retry-after': '1' } }));
    nowMs += 1;
    one.attempt('a');
  }
});

test('clients are counted apart, and a success starts afresh', () => {
  const one = lockOut();
  fail(one, 5);
  fail(one, 4, 'b');
  one.succeeded('b');
  fail(one, 4, 'b');
  expect(one.state('b')).toEqual({ attemptsLeft: 1, retryAfterMs: 0 });
  expect(one.state('a')).toEqual({ attemptsLeft: 0, retryAfterMs: 60_000 });
});

test('a client that was quiet for an hour starts afresh', () => {
  const one = lockOut();
  fail(one, 4);
  nowMs += 3_600_000;
  one.attempt('a');
  expect(one.state('a').attemptsLeft).toBe(4);
});
