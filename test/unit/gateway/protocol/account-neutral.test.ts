/** A request that one account could read is made to fit another, or it is said why it cannot be (design §3). */
import * as fc from 'fast-check';
import {
  isSelfContained,
  obstacleTo,
  withoutForeignParts,
  type ForeignParts,
} from '../../../../sidecar/gateway/protocol/account-neutral';
import { ciphertextMark } from '../../../../sidecar/gateway/protocol/fingerprint';
import { prepareResponsesBody } from '../../../../sidecar/gateway/protocol/responses-rules';

type Item = Readonly<Record<string, unknown>>;

const message = (text: string, more: Item = {}): Item => ({ type: 'message', role: 'user', content: text, ...more });
const reasoning = (encrypted_content: string): Item => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: [],
  encrypted_content,
});
const bytes = (input: readonly Item[], more: Item = {}): Buffer =>
  Buffer.from(JSON.stringify({ model: 'm', stream: true, store: false, input, ...more }));
const foreign = (values: readonly string[], more: Partial<ForeignParts> = {}): ForeignParts => {
  const marks = new Set(values.map((value) => ciphertextMark(Buffer.from(value))));
  return { isForeign: (mark) => marks.has(mark), anchor: false, turnState: false, file: false, ...more };
};
const inputOf = (body: Buffer): unknown => (JSON.parse(body.toString()) as Item)['input'];

test('foreign reasoning goes, with the ids that point at it; all else stays', () => {
  const call = { type: 'function_call', name: 'f', arguments: '{}', call_id: 'c1' };
  const body = bytes([
    message('hi', { id: 'msg_1' }),
    reasoning('theirs'),
    { ...call, id: 'fc_1' },
    { type: 'function_call_output', call_id: 'c1', output: '"encrypted_content":"theirs"', id: 'fco_1' },
    reasoning('ours'),
  ]);
  expect(inputOf(withoutForeignParts(body, foreign(['theirs'])))).toEqual([
    message('hi'),
    call,
    { type: 'function_call_output', call_id: 'c1', output: '"encrypted_content":"theirs"', id: 'fco_1' },
    reasoning('ours'),
  ]);
});

test('a body without foreign parts is the same Buffer', () => {
  const body = bytes([message('hi'), reasoning('ours')]);
  expect(withoutForeignParts(body, foreign(['theirs']))).toBe(body);
});

test('a foreign turn state leaves the metadata', () => {
  const metadata = { 'x-codex-turn-state': 'T', session_id: 's' };
  const body = bytes([message('hi')], { client_metadata: metadata });
  const left = withoutForeignParts(body, foreign([], { turnState: true }));
  expect(JSON.parse(left.toString())).toMatchObject({ client_metadata: { session_id: 's' } });
  expect(left.toString()).not.toContain('turn-state');
});

test.each([
  ['anchored', bytes([message('hi')]), foreign([], { anchor: true })],
  ['file', bytes([message('hi')]), foreign([], { file: true })],
  ['sealed_history', bytes([{ type: 'compaction', encrypted_content: 'x' }]), foreign(['x'])],
  ['sealed_history', bytes([{ type: 'agent_message', content: [{ encrypted_content: 'x' }] }]), foreign(['x'])],
  [null, bytes([reasoning('x'), { type: 'compaction', encrypted_content: 'y' }]), foreign(['x'])],
])('obstacle: %s', (obstacle, body, parts) => {
  expect(obstacleTo(body, parts)).toBe(obstacle);
});

test.each([
  [true, bytes([message('hi')])],
  [false, bytes([message('hi')], { previous_response_id: 'resp_1' })],
  [false, bytes([message('hi')], { conversation: 'conv_1' })],
  [false, bytes([{ type: 'item_reference', id: 'msg_1' }])],
  [false, bytes([{ type: 'function_call_output', call_id: 'c1', output: '' }])],
  [
    true,
    bytes([
      { type: 'custom_tool_call', call_id: 'c1' },
      { type: 'custom_tool_call_output', call_id: 'c1' },
    ]),
  ],
  [true, bytes([message('"previous_response_id":"resp_1","item_reference"')])],
])('self-contained: %s', (expected, body) => {
  expect(isSelfContained(body)).toBe(expected);
});

test('whatever the history, nothing foreign is left, nothing else is lost, and the ties name every ciphertext', () => {
  const item = fc.oneof(
    fc.string().map((text) => message(text)),
    fc.integer({ min: 0, max: 9 }).map((n) => reasoning(`cipher-${n}`)),
  );
  fc.assert(
    fc.property(fc.array(item), fc.uniqueArray(fc.integer({ min: 0, max: 9 })), (items, theirs) => {
      const values = theirs.map((n) => `cipher-${n}`);
      const body = bytes(items);
      const isTheirs = ({ encrypted_content }: Item): boolean => values.includes(String(encrypted_content));
      expect(inputOf(withoutForeignParts(body, foreign(values)))).toEqual(items.filter((one) => !isTheirs(one)));
      const { ciphertexts } = prepareResponsesBody(body, 'codex').ties;
      const sealed = items.flatMap(({ encrypted_content }) =>
        encrypted_content === undefined ? [] : [encrypted_content],
      );
      expect(ciphertexts).toEqual(sealed.map((value) => ciphertextMark(Buffer.from(String(value)))));
    }),
  );
});
