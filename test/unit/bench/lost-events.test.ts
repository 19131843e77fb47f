import { completedEvent, createdEvent, deltaEvent } from '../../bench/wire/answer-bytes';
import { EventTally } from '../../bench/wire/event-tally';

function tallyOf(events: readonly Buffer[], size = 1_000_000): EventTally {
  const tally = new EventTally({ events: 0, delays: null }, () => 0);
  const bytes = Buffer.concat(events);
  for (let at = 0; at < bytes.length; at += size) tally.feed(bytes, at, Math.min(bytes.length, at + size));
  return tally;
}

const deltas = (...numbers: number[]): Buffer[] => numbers.map((number) => deltaEvent(number));

test.each([1, 2, 13, 26, 199, 1_000_000])('nothing is lost when pieces have %d bytes', (size) => {
  const tally = tallyOf([createdEvent(), ...deltas(1, 2, 3), completedEvent(3)], size);
  expect(tally).toMatchObject({ deltas: 3, lost: 0, completed: true });
});

test.each([
  ['missing in the middle', deltas(1, 3), completedEvent(3), 1],
  ['missing at the end', deltas(1, 2), completedEvent(4), 2],
  ['sent twice', deltas(1, 2, 2, 3), completedEvent(3), 1],
  ['sent after the end', [...deltas(1), completedEvent(1)], deltaEvent(2), 1],
])('events %s are noticed', (_what, events, last, lost) => {
  expect(tallyOf([...events, last]).lost).toBe(lost);
});

test('a stream that is cut off is not complete', () => {
  expect(tallyOf(deltas(1, 2))).toMatchObject({ lost: 0, completed: false });
});
