import { EventScanner } from '../../../sidecar/gateway/relay/event-scanner';
import { cannedAnswer, deltaEvent, StampedDelta, streamEnding, streamOpening } from '../../bench/wire/answer-bytes';
import { EventTally, type EventTotals } from '../../bench/wire/event-tally';
import { Histogram } from '../../bench/figures/histogram';
import { MessageReader } from '../../bench/wire/message-reader';
import { ResponseReader, type AnswerEnd } from '../../bench/wire/response-reader';

function totals(): EventTotals {
  return { events: 0, delays: null };
}

/** The answers in `bytes`, fed in pieces of `size`. */
function readAnswers(bytes: Buffer, size: number, deltas: number | null): AnswerEnd[] {
  const ends: AnswerEnd[] = [];
  const reader = new ResponseReader(new EventTally(totals(), () => 0), deltas, (end) => ends.push(end));
  for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
  return ends;
}

function bodyOf(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  const reader = new MessageReader({
    head: () => undefined,
    piece: (buffer, start, end) => pieces.push(Buffer.from(buffer.subarray(start, end))),
    end: () => undefined,
  });
  reader.feed(bytes);
  return Buffer.concat(pieces);
}

test('a delta event is 200 bytes of valid server-sent JSON', () => {
  const text = deltaEvent(42).toString();
  expect(text).toHaveLength(200);
  expect(text.endsWith('\n\n')).toBe(true);
  const data: unknown = JSON.parse(text.slice(text.indexOf('{')));
  expect(data).toMatchObject({ type: 'response.output_text.delta', sequence_number: 1_000_042 });
});

test('a burst of 200 deltas goes out in writes of ten events', () => {
  const writes = cannedAnswer(200);
  expect(writes).toHaveLength(21);
  expect(readAnswers(Buffer.concat(writes), 65_536, 200)).toEqual([{ problem: null, closes: false }]);
});

test('a small answer is one write of about 790 body bytes', () => {
  const [only, ...more] = cannedAnswer(1);
  expect(more).toEqual([]);
  const { length } = bodyOf(only ?? Buffer.alloc(0));
  expect(length).toBeGreaterThan(700);
  expect(length).toBeLessThan(900);
});

test.each([1, 7, 100, 1_000_000])('answers are understood in pieces of %d bytes', (size) => {
  const twice = Buffer.concat([...cannedAnswer(25), ...cannedAnswer(25)]);
  const whole = { problem: null, closes: false };
  expect(readAnswers(twice, size, 25)).toEqual([whole, whole]);
});

test('a stamped stream carries its numbers and its times', () => {
  const delta = new StampedDelta();
  const delays = new Histogram();
  const tally = new EventTally({ events: 0, delays }, () => 5_000_300);
  const ends: AnswerEnd[] = [];
  const reader = new ResponseReader(tally, null, (end) => ends.push(end));
  reader.feed(streamOpening());
  reader.feed(delta.chunk(1, 5_000_000));
  reader.feed(delta.chunk(2, 5_000_200));
  reader.feed(streamEnding(2));
  expect(ends).toEqual([{ problem: null, closes: false }]);
  expect(delays.summary()).toMatchObject({ count: 2, meanMicros: 200 });
});

test('the sidecar sees created, model output and the terminal event in it', () => {
  const kinds: string[] = [];
  const scanner = new EventScanner();
  const visitor = { event: (kind: string) => void kinds.push(kind), forward: () => undefined };
  scanner.feed(bodyOf(Buffer.concat(cannedAnswer(3))), visitor);
  expect({ kinds, others: scanner.others }).toEqual({ kinds: ['created', 'completed'], others: 3 });
});
