import fc from 'fast-check';
import { EventScanner, type EventVisitor } from '../../../../sidecar/gateway/relay/event-scanner';
import { EventType, type EventKind } from '../../../../sidecar/gateway/relay/event-type';
import { cut, streams } from './sse-stream-generator';

/** Writes down all that the scanner reports. */
class Recorder implements EventVisitor {
  readonly kinds: EventKind[] = [];
  readonly events: string[] = [];
  readonly forwarded: Buffer[] = [];
  forwardsInFeed = 0;

  event(kind: EventKind, buffer: Buffer, start: number, end: number): void {
    expect(this.forwardsInFeed).toBe(0);
    this.kinds.push(kind);
    this.events.push(buffer.toString('utf8', start, end));
  }

  forward(bytes: Buffer): void {
    this.forwardsInFeed++;
    this.forwarded.push(bytes);
  }
}

function feedAll(pieces: readonly Buffer[]): { recorder: Recorder; scanner: EventScanner } {
  const recorder = new Recorder();
  const scanner = new EventScanner();
  for (const piece of pieces) {
    recorder.forwardsInFeed = 0;
    scanner.feed(piece, recorder);
    expect(recorder.forwardsInFeed).toBeLessThanOrEqual(1);
  }
  return { recorder, scanner };
}

const places = fc.array(fc.nat(), { maxLength: 30 });

describe.each(['\n', '\r', '\r\n', 'mixed'] as const)('the event scanner with line ends %j', (ends) => {
  it('gives the same bytes and the same kinds however the stream is cut', () => {
    fc.assert(
      fc.property(streams(ends), places, ({ bytes, kinds }, at) => {
        const { recorder, scanner } = feedAll(cut(bytes, at));
        expect(recorder.kinds).toEqual(kinds.filter((kind) => kind !== 'other'));
        expect(scanner.others).toBe(kinds.filter((kind) => kind === 'other' || kind === 'item_done').length);
        expect(Buffer.concat([...recorder.forwarded, scanner.finish()?.bytes ?? Buffer.alloc(0)]).equals(bytes)).toBe(
          true,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same when the bytes come one by one', () => {
    fc.assert(
      fc.property(streams(ends), ({ bytes, kinds }) => {
        const { recorder } = feedAll(Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1)));
        expect(recorder.kinds).toEqual(kinds.filter((kind) => kind !== 'other'));
      }),
      { numRuns: 50 },
    );
  });

  it('holds back half an event and names its kind at the end', () => {
    fc.assert(
      fc.property(streams(ends), fc.nat(), places, ({ bytes }, keep, at) => {
        const part = bytes.subarray(0, keep % (bytes.length + 1));
        const { recorder, scanner } = feedAll(cut(part, at));
        const whole = Buffer.concat(recorder.forwarded);
        const leftover = scanner.finish();
        expect(Buffer.concat([whole, leftover?.bytes ?? Buffer.alloc(0)]).equals(part)).toBe(true);
        // What was passed on is complete: a second scanner finds nothing left in it.
        expect(feedAll([whole]).scanner.finish()).toBeNull();
        if (leftover === null) return;
        expect(leftover.kind).toBe(new EventType().read(leftover.bytes, 0, leftover.bytes.length));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the Buffers of the event scanner', () => {
  const event = 'event: response.created\ndata: {"type":"response.created"}\n\n';

  it('are the ones that came, when each ends with an event', () => {
    const chunk = Buffer.from(event + event);
    const { recorder } = feedAll([chunk]);
    expect(recorder.forwarded[0]).toBe(chunk);
    expect(recorder.events).toEqual([event, event]);
  });

  it('agree between event and forward when an event was carried over', () => {
    const whole = Buffer.from(`${event}${event}half`);
    const seen: Buffer[] = [];
    const visitor: EventVisitor = {
      event: (_kind, buffer, start, end) => seen.push(buffer, buffer.subarray(start, end)),
      forward: (bytes) => {
        for (const buffer of seen) expect(buffer.buffer).toBe(bytes.buffer);
        expect(bytes.toString()).toBe(event + event);
      },
    };
    const scanner = new EventScanner();
    scanner.feed(whole.subarray(0, 20), visitor);
    expect(seen).toEqual([]);
    scanner.feed(whole.subarray(20), visitor);
    expect(seen).toHaveLength(4);
    expect(scanner.finish()?.bytes.toString()).toBe('half');
  });
});
