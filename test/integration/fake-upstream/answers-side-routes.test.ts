/** The fake's routes beside the model calls: files, media, compaction, reset credits (codex-wire 2.11.9). */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { callWhole, jsonCall, type WholeAnswer } from '../harness/json-call';
import { openEventStream, type HttpCall } from '../harness/sse-client';
import { jsonOf } from '../harness/sse-parser';

let fake: FakeUpstream;

beforeEach(async () => {
  fake = await startFakeUpstream({ accounts: 2, strict: true });
});
afterEach(() => fake.close());

const bearer = (account = 0): Record<string, string> => ({
  authorization: `Bearer ${fake.account(account).login.current.accessToken}`,
});
const call = (path: string, options: HttpCall, account = 0): Promise<WholeAnswer> =>
  callWhole(`${fake.address}${path}`, { ...options, headers: { ...options.headers, ...bearer(account) } });

test('a file goes to the second port and belongs to its account', async () => {
  fake.files.retries = 1;
  const made = await call('/backend-api/files', jsonCall({ file_name: 'a.txt', file_size: 5, use_case: 'codex' }));
  const { file_id: id, upload_url: url } = made.json as { file_id: string; upload_url: string };
  expect(new URL(url).port).not.toBe(new URL(fake.address).port);
  expect((await callWhole(url, { method: 'PUT', body: 'hello' })).status).toBe(201);
  const done = (account: number): Promise<WholeAnswer> =>
    call(`/backend-api/files/${id}/uploaded`, jsonCall({}), account);
  expect((await done(0)).json).toMatchObject({ status: 'retry' });
  expect((await done(0)).json).toMatchObject({ status: 'success', file_name: 'a.txt' });
  expect((await done(1)).status).toBe(404);
  expect(
    (await call('/backend-api/files', jsonCall({ file_name: 'a', file_size: 1 }, { 'x-stainless-os': 'Linux' })))
      .status,
  ).toBe(403);
});

test('transcription, images and realtime calls', async () => {
  const form = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n--b--\r\n';
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const heard = await call('/backend-api/transcribe', { method: 'POST', headers, body: form });
  expect(heard.json).toEqual({ text: expect.any(String) as string });
  const drawn = await call('/backend-api/codex/images/generations', jsonCall({ prompt: 'a cat' }));
  expect(drawn.json['data']).toMatchObject([{ b64_json: expect.any(String) as string }]);
  const sdp = { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: 'v=0\r\n' };
  const rung = await call('/backend-api/codex/realtime/calls', sdp);
  expect(rung.headers.location).toMatch(/^\/v1\/realtime\/calls\/rtc_/);
});

test('compaction as a call of its own and as a trigger', async () => {
  const old = await call('/backend-api/codex/responses/compact', jsonCall({ model: 'gpt-5.5', input: [] }));
  expect(old.json).toMatchObject({ object: 'response.compaction', output: [{ type: 'compaction' }] });
  const body = { model: 'gpt-5.5', store: false, stream: true, input: [{ type: 'compaction_trigger' }] };
  const stream = await openEventStream(`${fake.address}/backend-api/codex/responses`, jsonCall(body, bearer()));
  const items = (await stream.rest()).map(jsonOf).filter((event) => event.type === 'response.output_item.done');
  expect(items).toMatchObject([{ item: { type: 'compaction', encrypted_content: expect.any(String) as string } }]);
  const twice = { ...body, input: [{ type: 'compaction_trigger' }, { type: 'compaction_trigger' }] };
  expect((await call('/backend-api/codex/responses', jsonCall(twice))).status).toBe(400);
});

test('a reset credit is spent once per redeem id', async () => {
  const consume = (id: string): Promise<WholeAnswer> =>
    call('/backend-api/wham/rate-limit-reset-credits/consume', jsonCall({ redeem_request_id: id }));
  expect((await consume('one')).json).toMatchObject({ code: 'reset' });
  expect((await consume('one')).json).toMatchObject({ code: 'already_redeemed' });
  expect((await consume('two')).json).toMatchObject({ code: 'no_credit' });
  expect(fake.redemptions.map((entry) => entry.code)).toEqual(['reset', 'already_redeemed', 'no_credit']);
  const left = await call('/backend-api/wham/rate-limit-reset-credits', {});
  expect(left.json).toMatchObject({ available_count: 0, credits: [] });
});

test('usage and catalogue are per account', async () => {
  fake.account(1).login.identity.plan = 'plus';
  expect((await call('/backend-api/wham/usage', {}, 0)).json).toMatchObject({ plan_type: 'pro' });
  expect((await call('/backend-api/wham/usage', {}, 1)).json).toMatchObject({ plan_type: 'plus' });
  fake.account(1).catalogue = [];
  const models = '/backend-api/codex/models?client_version=0.169.0';
  expect((await call(models, {}, 1)).json).toEqual({ models: [] });
  const { etag } = (await call(models, {}, 0)).headers;
  expect((await call(models, { headers: { 'if-none-match': etag ?? '' } }, 0)).status).toBe(304);
});
