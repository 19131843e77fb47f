/** The three model lists are the pool's upstream catalogue, each in its own shape (codex-wire 2.8, proxy 1.7.1). */
import { catalogueEntry } from '../../fakes/upstream/catalogue-entry';
import { toPath } from '../../fakes/upstream/recorder';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

const slugs = (list: unknown, key: string): unknown[] => (list as readonly Json[]).map((entry) => entry[key]);

test('the Codex route hands on whole upstream objects', async () => {
  const entry = catalogueEntry('gpt-6-new', { comp_hash: 'abc', a_field_of_tomorrow: { deep: [1, 2.5] } });
  for (const account of stage.fake.accounts) account.catalogue = [entry];
  const answer = await stage.sidecar.call('/backend-api/codex/models?client_version=0.169.0');
  expect(answer.status).toBe(200);
  expect(answer.json['models']).toEqual([expect.objectContaining(entry)]);
});

test('/v1/models is an OpenAI list, with a client version it has the Codex shape', async () => {
  const plain = await stage.sidecar.call('/v1/models');
  expect(plain.json['object']).toBe('list');
  expect(slugs(plain.json['data'], 'id')).toEqual(['gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini']);
  expect((plain.json['data'] as readonly Json[])[0]).toMatchObject({
    object: 'model',
    owned_by: expect.any(String) as string,
  });
  const codex = await stage.sidecar.call('/v1/models?client_version=0.169.0');
  expect(slugs(codex.json['models'], 'slug')).toEqual(['gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini']);
});

test('/api/models lists the same models for the page', async () => {
  const answer = await stage.sidecar.call('/api/models');
  expect(answer.status).toBe(200);
  expect(slugs(answer.json['models'], 'id')).toEqual(['gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini']);
});

test('accounts that offer different models are united', async () => {
  stage.fake.account(0).catalogue = [catalogueEntry('gpt-5.5'), catalogueEntry('only-one')];
  stage.fake.account(1).catalogue = [catalogueEntry('gpt-5.5'), catalogueEntry('only-two')];
  const answer = await stage.sidecar.call('/backend-api/codex/models?client_version=0.169.0');
  expect(slugs(answer.json['models'], 'slug').sort()).toEqual(['gpt-5.5', 'only-one', 'only-two']);
});

test('upstream is asked with a current client version and the account’s credentials', async () => {
  await stage.sidecar.call('/v1/models');
  const asked = stage.fake.requests(toPath('/backend-api/codex/models'));
  expect(asked.length).toBeGreaterThan(0);
  for (const request of asked) {
    expect(request.query.get('client_version')).toMatch(/^0\.(1[6-9]\d|[2-9]\d\d)\.\d+$/);
    expect(request.headers['chatgpt-account-id']).toBe(request.account?.chatgptAccountId);
  }
});

test('a model for newer clients appears as soon as a newer client is seen', async () => {
  for (const account of stage.fake.accounts) {
    account.catalogue = [catalogueEntry('gpt-5.5'), catalogueEntry('tomorrow', { minimal_client_version: '0.200.0' })];
  }
  const before = await stage.sidecar.call('/backend-api/codex/models?client_version=0.169.0');
  expect(slugs(before.json['models'], 'slug')).toEqual(['gpt-5.5']);
  const after = await stage.sidecar.call('/backend-api/codex/models?client_version=0.200.0');
  expect(slugs(after.json['models'], 'slug')).toEqual(['gpt-5.5', 'tomorrow']);
});
