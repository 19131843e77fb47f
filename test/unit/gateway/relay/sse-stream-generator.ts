/** Random event streams for property tests: every line end, comments, ids, both field orders, awkward text. */
import fc from 'fast-check';
import type { EventKind } from '../../../../sidecar/gateway/relay/event-type';

export interface GeneratedStream {
  readonly bytes: Buffer;
  /** Kinds of its events in order. */
  readonly kinds: readonly EventKind[];
}

const TYPES: readonly (readonly [type: string, kind: EventKind])[] = [
  ['response.created', 'created'],
  ['response.in_progress', 'in_progress'],
  ['response.completed', 'completed'],
  ['response.failed', 'failed'],
  ['response.incomplete', 'incomplete'],
  ['response.metadata', 'metadata'],
  ['error', 'error'],
  ['codex.rate_limits', 'rate_limits'],
  ['codex.keepalive', 'codex_other'],
  ['codex.response.metadata', 'codex_other'],
  ['responsesapi.websocket_timing', 'codex_other'],
  ['keepalive', 'codex_other'],
  ['response.output_text.delta', 'other'],
  ['response.output_item.done', 'item_done'],
  ['response.completed.', 'other'],
  ['message', 'other'],
  ['', 'other'],
];

const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\r', '\u2028', 'é', '😀', ' ', ':', 'data:') });

/** Lines of one event, without their ends, and its kind. */
const event: fc.Arbitrary<readonly [lines: string[], kind: EventKind]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<[string[], EventKind]>([['data: [DONE]'], 'done']) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(': keepalive', ':', 'retry: 10', 'id: 7')
      .map((line): [string[], EventKind] => [[line], 'comment']),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...TYPES),
        fc.constantFrom('event first', 'data first', 'data only', 'type last', 'odd name'),
        fc.boolean(),
        text,
        fc.boolean(),
      )
      .map(([[type, kind], form, space, words, extra]): [string[], EventKind] => {
        const gap = space ? ' ' : '';
        const json =
          form === 'type last' ? { delta: words, response: { type: 'inner' }, type } : { type, delta: words };
        const data = `data:${gap}${JSON.stringify(json)}`;
        const name = `event:${gap}${form === 'odd name' ? 'message' : type}`;
        const extras = extra ? ['id: 1', ': note'] : [];
        if (form === 'event first' || form === 'odd name') return [[...extras, name, data], kind];
        return [form === 'data first' ? [data, name, ...extras] : [...extras, data], kind];
      }),
  },
);

const lineEnds = fc.constantFrom('\n', '\r', '\r\n');

/** `ends`: one line end throughout, or any mix. */
export function streams(ends: '\n' | '\r' | '\r\n' | 'mixed'): fc.Arbitrary<GeneratedStream> {
  const pick = ends === 'mixed' ? lineEnds : fc.constant(ends);
  return fc
    .tuple(
      fc.array(fc.tuple(event, fc.nat({ max: 2 })), { maxLength: 12 }),
      fc.array(pick, { minLength: 1, maxLength: 40 }),
      fc.boolean(),
    )
    .map(([events, endings, bom]) => {
      let out = bom ? '\ufeff' : '';
      let used = 0;
      const end = (): string => {
        const next = endings[used++ % endings.length] ?? '\n';
        // A LF right behind a CR would belong to it: that would be one line end instead of two.
        return out.endsWith('\r') && next === '\n' ? '\r\n' : next;
      };
      for (const [[lines], blanks] of events) {
        for (const line of lines) {
          out += line;
          out += end();
        }
        for (let i = 0; i <= blanks; i++) out += end();
      }
      return { bytes: Buffer.from(out), kinds: events.map(([[, kind]]) => kind) };
    });
}

/** Cuts bytes at random places, empty pieces included. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}
