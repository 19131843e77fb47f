/** The reading without a parse agrees with the parse, or leaves it to it. */
import fc from 'fast-check';
import { readTextDelta } from '../../../../sidecar/gateway/relay/text-delta';

const read = (data: string): unknown => {
  const event = Buffer.from(`event: response.output_text.delta\ndata: ${data}\n\n`);
  return readTextDelta(event, 0, event.length);
};

test('any delta in the form of the upstream', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.nat(120),
      fc.nat(99),
      (delta, outputIndex, contentIndex) => {
        const place = { item_id: 'msg_1', output_index: outputIndex, content_index: contentIndex };
        const found = read(
          JSON.stringify({ type: 'response.output_text.delta', sequence_number: 7, ...place, delta, obfuscation: 'x' }),
        );
        const isPlain = outputIndex < 100 && JSON.stringify(delta) === `"${delta}"`;
        expect(found).toEqual(isPlain ? { outputIndex, contentIndex, piece: delta } : null);
      },
    ),
  );
});

test.each([
  '{"output_index":0,"content_index":0,"delta":"a\\nb"}',
  '{"output_index":0,"content_index":0,"delta": "a"}',
  '{"output_index":0,"content_index":0,"delta":""}',
  '{"content_index":0,"delta":"a"}',
  '{"output_index":0,"delta":"a"}',
  '{"output_index":0,"content_index":0,"delta":null}',
  '{"output_index":0,"content_index":0,"text":"\\"delta\\":\\"x\\""}',
])('%s is left to the parse', (data) => {
  expect(read(data)).toBeNull();
});
