import fc from 'fast-check';
import { scanArrayItems, scanTopLevel } from '../../../../sidecar/gateway/protocol/top-level';

/** Strings of every awkward kind: quotes, backslashes, line separators, astral characters. */
const awkward = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '\n', '\u2028', '\u0000', 'é', '😀', '{', ']', ',', ':'),
});
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    awkward,
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(awkward, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const objects = fc.dictionary(fc.oneof(awkward, fc.constantFrom('model', 'input', 'stream', '__proto__')), values, {
  maxKeys: 40,
});
const layout = fc.constantFrom(undefined, 1, '\t', ' \r\n');

describe('the top-level scan', () => {
  it('finds what JSON.parse finds, whatever the layout', () => {
    fc.assert(
      fc.property(objects, layout, (object, indent) => {
        const text = `${indent === undefined ? '' : ' \n'}${JSON.stringify(object, null, indent)} `;
        const body = Buffer.from(text);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const top = scanTopLevel(body);
        expect([...top.keys()].sort()).toEqual(Object.keys(parsed).sort());
        for (const [key, value] of Object.entries(parsed)) {
          const span = top.span(key);
          expect(span).toBeDefined();
          if (span === undefined) continue;
          expect(JSON.parse(body.toString('utf8', span.valueStart, span.valueEnd))).toEqual(value);
          expect(top.string(key)).toEqual(typeof value === 'string' ? value : undefined);
          expect(top.bool(key)).toEqual(typeof value === 'boolean' ? value : undefined);
          expect(top.kind(key)).toBe(kindOf(value));
        }
      }),
    );
  });

  it('finds the items of arrays at their places', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 12 }), layout, (items, indent) => {
        const body = Buffer.from(JSON.stringify({ input: items }, null, indent));
        const span = scanTopLevel(body).span('input');
        const spans = span === undefined ? [] : scanArrayItems(body, span);
        const found = spans.map((item) => JSON.parse(body.toString('utf8', item.valueStart, item.valueEnd)) as unknown);
        expect(found).toEqual(JSON.parse(JSON.stringify(items)));
      }),
    );
  });
});

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? String(value) : typeof value;
}
