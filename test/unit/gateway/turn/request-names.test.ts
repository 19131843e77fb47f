import { readCreatedId } from '../../../../sidecar/gateway/turn/created-id';
import { clientNameOf, requestIdOf } from '../../../../sidecar/gateway/turn/request-id';

const fresh = (): string => 'fresh';

test.each([
  [{ 'x-request-id': ' abc ' }, 'abc'],
  [{ 'request-id': 'abc' }, 'abc'],
  [{ 'x-request-id': '', 'request-id': 'abc' }, 'abc'],
  [{ 'x-request-id': 'a b' }, 'fresh'],
  [{ 'x-request-id': 'x'.repeat(129) }, 'fresh'],
  [{ 'x-request-id': 'naïve' }, 'fresh'],
  [{}, 'fresh'],
])('the request id of %j is %s', (headers, id) => {
  expect(requestIdOf(headers, fresh)).toBe(id);
});

test.each([
  ['codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown', 'codex_exec/0.169.0'],
  ['Codex Desktop/26.9.1 (Windows 10.0; x86_64) unknown', 'Codex Desktop/26.9.1'],
  ['curl/7.88.1', 'curl/7.88.1'],
  ['weird agent without version', 'weird'],
])('the client of %s is %s', (agent, name) => {
  expect(clientNameOf({ 'user-agent': agent })).toBe(name);
});

test('no user agent, no client', () => {
  expect(clientNameOf({})).toBeNull();
});

test.each([
  ['data: {"type":"response.created","response":{"id":"resp_1","tools":[{"id":"x"}]}}\n\n', 'resp_1'],
  ['data: {"type":"response.created","response":{"id": "resp_1"}}\n\n', 'resp_1'],
  ['data: {"type":"response.created","response":{"id":""}}\n\n', null],
  ['data: {"type":"response.created"}\n\n', null],
  [`data: {"response":{"id":"resp_${'x'.repeat(300)}"}}\n\n`, null],
])('the response id in %s is %s', (event, id) => {
  const bytes = Buffer.from(`before${event}`);
  expect(readCreatedId(bytes, 6, bytes.length)).toBe(id);
});
