import fc from 'fast-check';
import { eventData } from '../../../../sidecar/gateway/relay/event-lines';
import { EventScanner } from '../../../../sidecar/gateway/relay/event-scanner';
import { EventType } from '../../../../sidecar/gateway/relay/event-type';
import { filterV1Events } from '../../../../sidecar/gateway/relay/v1-filter';
import { streams } from './sse-stream-generator';

const event = (type: string, rest = ''): string => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;

function filtered(text: string): string {
  return filterV1Events(Buffer.from(text)).toString();
}

describe('the filter of /v1 streams', () => {
  it('hands back the very Buffer of strict events', () => {
    const text =
      event('response.created') +
      event('response.output_text.delta', ',"delta":"codex.rate_limits"') +
      ': keepalive\n\n';
    const bytes = Buffer.from(`${text}data: [DONE]\n\n`);
    expect(filterV1Events(bytes)).toBe(bytes);
  });

  it.each(['codex.rate_limits', 'codex.keepalive', 'keepalive', 'response.metadata', 'responsesapi.websocket_timing'])(
    'drops %s',
    (type) => {
      expect(filtered(event('response.created') + event(type) + event('response.completed'))).toBe(
        event('response.created') + event('response.completed'),
      );
      expect(filtered(`data: {"type":"${type}"}\r\n\r\n`)).toBe('');
    },
  );

  it('renames the legacy delta in line and data', () => {
    expect(filtered(event('response.text.delta', ',"delta":"\u2028response.text.delta"'))).toBe(
      event('response.output_text.delta', ',"delta":"\u2028response.text.delta"'),
    );
    expect(filtered('data: {"delta":"a","type":"response.text.delta"}\n\n')).toBe(
      'event: response.output_text.delta\ndata: {"delta":"a","type":"response.output_text.delta"}\n\n',
    );
    expect(filtered('data: {"type":"response.text.delta",\ndata: "delta":"a"}\n\n')).toBe(
      'event: response.output_text.delta\ndata: {"type":"response.output_text.delta",\ndata: "delta":"a"}\n\n',
    );
  });

  it('adds the event line that is missing', () => {
    expect(filtered('data: {"type":"response.created"}\n\n')).toBe(
      'event: response.created\ndata: {"type":"response.created"}\n\n',
    );
    expect(filtered('data: {"a":1}\n\n')).toBe('data: {"a":1}\n\n');
  });

  it('keeps order and data of everything that stays, whatever the stream', () => {
    const vendor = new Set(['rate_limits', 'codex_other', 'metadata']);
    fc.assert(
      fc.property(fc.oneof(streams('\n'), streams('mixed')), ({ bytes, kinds }) => {
        const out = filterV1Events(bytes);
        expect(kindsOf(out)).toEqual(kinds.filter((kind) => !vendor.has(kind)));
        expect(filterV1Events(out).equals(out)).toBe(true);
        expect(dataOf(out)).toEqual(dataOf(bytes, vendor));
      }),
      { numRuns: 300 },
    );
  });
});

function each(bytes: Buffer, look: (kind: string, start: number, end: number) => void): void {
  const type = new EventType();
  // One event at a time: each byte is fed alone, so that `forward` tells where an event ends.
  const scanner = new EventScanner();
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    scanner.feed(bytes.subarray(i, i + 1), {
      event: () => undefined,
      forward: (whole) => {
        const end = at + whole.length;
        if (whole.toString().trim() !== '') look(type.read(bytes, at, end), at, end);
        at = end;
      },
    });
  }
}

function kindsOf(bytes: Buffer): string[] {
  const kinds: string[] = [];
  each(bytes, (kind) => kinds.push(kind));
  return kinds;
}

function dataOf(bytes: Buffer, without: ReadonlySet<string> = new Set()): string[] {
  const data: string[] = [];
  each(bytes, (kind, start, end) => {
    if (!without.has(kind)) data.push(eventData(bytes, start, end).toString());
  });
  return data;
}
