import { TightropeError } from '../../../../sidecar/platform/errors';
import { EventScanner, type EventVisitor } from '../../../../sidecar/gateway/relay/event-scanner';
import type { EventKind } from '../../../../sidecar/gateway/relay/event-type';

const MIB = 1024 * 1024;

function collect(): { visitor: EventVisitor; kinds: EventKind[]; sizes: number[] } {
  const kinds: EventKind[] = [];
  const sizes: number[] = [];
  const visitor: EventVisitor = {
    event: (kind, _buffer, start, end) => {
      kinds.push(kind);
      sizes.push(end - start);
    },
    forward: () => undefined,
  };
  return { visitor, kinds, sizes };
}

function feedInPieces(scanner: EventScanner, bytes: Buffer, pieceBytes: number, visitor: EventVisitor): void {
  for (let at = 0; at < bytes.length; at += pieceBytes) scanner.feed(bytes.subarray(at, at + pieceBytes), visitor);
}

describe('big events in the scanner', () => {
  it('16 MiB pass whole, copied once', () => {
    const bytes = Buffer.from(`event: response.completed\ndata: {"x":"${'y'.repeat(16 * MIB)}"}\n\n`);
    const { visitor, kinds, sizes } = collect();
    const scanner = new EventScanner();
    feedInPieces(scanner, bytes, 65_536, visitor);
    expect(kinds).toEqual(['completed']);
    expect(sizes).toEqual([bytes.length]);
    expect(scanner.finish()).toBeNull();
  });

  it('one beyond the limit is refused before it is held', () => {
    const scanner = new EventScanner(MIB);
    const { visitor } = collect();
    const piece = Buffer.alloc(65_536, 'x');
    let error: unknown;
    try {
      for (let i = 0; i < 17; i++) scanner.feed(piece, visitor);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TightropeError);
    expect(error).toMatchObject({ code: 'upstream_response_too_large', status: 502 });
  });

  it('many small ones never count together', () => {
    const scanner = new EventScanner(1000);
    const { visitor, kinds } = collect();
    const event = Buffer.from('data: [DONE]\n\nda');
    for (let i = 0; i < 200; i++) scanner.feed(i === 0 ? event : event.subarray(2), visitor);
    expect(kinds).toHaveLength(200);
  });
});

describe('the kind of odd events', () => {
  it.each<[string, EventKind]>([
    ['data: {"delta":"\\"type\\":\\"response.completed\\"","type":"response.created"}', 'created'],
    ['data: {"response":{"type":"error"}}', 'other'],
    ['data: {"type":"response.completed"', 'completed'],
    ['data: not json', 'other'],
    ['data: {broken', 'other'],
    ['data:', 'other'],
    ['data: {\ndata: "type": "response.failed"}', 'failed'],
    ['event: response.completed', 'completed'],
    ['event:response.completed\r', 'completed'],
    ['event: Response.Completed', 'comment'],
    ['events: response.completed\ndata: {}', 'other'],
    ['event: message\ndata: {"type":"error"}', 'error'],
    [': only a comment', 'comment'],
    ['[DONE]', 'comment'],
  ])('%j is %s', (text, kind) => {
    const scanner = new EventScanner();
    const { visitor, kinds } = collect();
    scanner.feed(Buffer.from(`${text}\n\n`), visitor);
    expect(kinds).toEqual(kind === 'other' ? [] : [kind]);
    expect(scanner.others).toBe(kind === 'other' ? 1 : 0);
  });
});
