/** A file answers only to the account that made it: its calls and the turns that name it go there (codex-wire 2.10 "Files"). */
import { serverError, usageLimit } from '../../fakes/upstream/error-faults';
import { toPath, toResponses } from '../../fakes/upstream/recorder';
import { codexBody } from '../harness/bodies';
import { callWhole, errorOf, type WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3, strict: true });
});
afterEach(async () => {
  expect(stage.fake.violations).toEqual([]);
  await stage.close();
});

const FILES = '/backend-api/files';

async function upload(name: string): Promise<{ id: string; owner: string }> {
  const made = await stage.sidecar.post(FILES, { file_name: name, file_size: 5, use_case: 'codex' });
  expect(made.status).toBe(200);
  const { file_id: id, upload_url: url } = made.json as { file_id: string; upload_url: string };
  expect((await callWhole(url, { method: 'PUT', body: 'hello' })).status).toBe(201);
  return { id, owner: String(made.headers['x-tightrope-routed-account-id']) };
}

const uploaded = (id: string): Promise<WholeAnswer> =>
  stage.sidecar.post(`${FILES}/${id}/uploaded`, {}, { 'x-request-id': `up-${id}` });
const accountOf = (answer: WholeAnswer): unknown => answer.headers['x-tightrope-routed-account-id'];

const turnWith = (id: string): Promise<WholeAnswer> =>
  stage.sidecar.post(
    '/backend-api/codex/responses',
    codexBody('', { input: [{ role: 'user', type: 'message', content: [{ type: 'input_file', file_id: id }] }] }),
  );

test('every call about a file goes to its account, and so does the turn that names it', async () => {
  stage.fake.files.retries = 1;
  const files = [await upload('a'), await upload('b'), await upload('c')];
  expect(new Set(files.map((file) => file.owner)).size).toBeGreaterThan(1);
  for (const { id, owner } of files) {
    const first = await uploaded(id);
    expect({ status: first.json['status'], account: accountOf(first) }).toEqual({ status: 'retry', account: owner });
    expect((await uploaded(id)).json).toMatchObject({ status: 'success' });
    expect(accountOf(await turnWith(id))).toBe(owner);
  }
  expect(await stage.sidecar.logRow(`up-${String(files[0]?.id)}`)).toMatchObject({
    statusCode: 200,
    path: `${FILES}/${String(files[0]?.id)}/uploaded`,
  });
});

test('making a file fails over; asking for one never does', async () => {
  stage.fake.scripts.files.next(serverError(500), usageLimit());
  const file = await upload('a');
  expect(new Set(stage.fake.requests(toPath(FILES)).map(({ account }) => account?.name)).size).toBe(3);
  stage.fake.scripts.files.always(serverError(503));
  expect((await uploaded(file.id)).status).toBe(503);
  const asked = stage.fake.requests(toPath(`${FILES}/${file.id}/uploaded`));
  expect(new Set(asked.map(({ account }) => account?.name)).size).toBe(1);
});

test('a file whose account is out is not looked for elsewhere', async () => {
  const file = await upload('a');
  await stage.sidecar.admin('POST', `/api/accounts/${file.owner}/pause`);
  const refused = await uploaded(file.id);
  expect({ status: refused.status, code: errorOf(refused)['code'] }).toEqual({
    status: 503,
    code: 'continuation_account_unavailable',
  });
  expect((await turnWith(file.id)).status).toBe(503);
  expect(stage.fake.requests(toResponses)).toHaveLength(0);
});

test('an unknown file is 404 and nobody is asked', async () => {
  const refused = await uploaded('file_of_somebody_else');
  expect({ status: refused.status, code: errorOf(refused)['code'] }).toEqual({ status: 404, code: 'file_not_found' });
  expect(stage.fake.requests(({ path }) => path.startsWith(FILES))).toHaveLength(0);
});
