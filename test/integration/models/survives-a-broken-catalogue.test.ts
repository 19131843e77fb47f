/** A catalogue that fails, hangs or holds a broken entry never leaves a client without models (codex-wire 2.8, 2.11.7). */
import { catalogueEntry } from '../../fakes/upstream/catalogue-entry';
import { connectionReset, noAnswer, serverError, unauthorized } from '../../fakes/upstream/error-faults';
import type { Behaviour } from '../../fakes/upstream/behaviour';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
afterEach(() => stage.close());

const CODEX = '/backend-api/codex/models?client_version=0.169.0';

async function codexSlugs(): Promise<unknown[]> {
  const answer = await stage.sidecar.call(CODEX);
  expect(answer.status).toBe(200);
  return (answer.json['models'] as readonly Json[]).map((entry) => entry['slug']);
}

const FAULTS: readonly { name: string; fault: Behaviour }[] = [
  { name: 'a 500', fault: serverError(500) },
  { name: 'a reset', fault: connectionReset() },
  { name: 'no answer', fault: noAnswer() },
  { name: 'a login that is refused for good', fault: unauthorized() },
  { name: 'a page instead of JSON', fault: ({ response }) => void response.writeHead(200).end('<html>') },
];

test.each(FAULTS)('the built-in list stands in for $name', async ({ fault }) => {
  stage = await openStage();
  stage.fake.account(0).models.always(fault);
  expect((await codexSlugs()).length).toBeGreaterThan(0);
  const list = await stage.sidecar.call('/v1/models');
  expect((list.json['data'] as readonly Json[]).length).toBeGreaterThan(0);
});

test('an empty pool has the built-in list', async () => {
  stage = await openStage({ importAll: false });
  expect((await codexSlugs()).length).toBeGreaterThan(0);
});

test('entries of the built-in list are complete enough for the Codex client', async () => {
  stage = await openStage({ importAll: false });
  const { models } = (await stage.sidecar.call(CODEX)).json as { models: readonly Json[] };
  for (const model of models) {
    expect(model).toMatchObject({
      slug: expect.any(String) as string,
      truncation_policy: {
        mode: expect.stringMatching(/^(bytes|tokens)$/) as string,
        limit: expect.any(Number) as number,
      },
      experimental_supported_tools: expect.any(Array) as unknown[],
    });
    expect(Number.isInteger(model['effective_context_window_percent'])).toBe(true);
  }
});

test('one account that cannot be asked does not hide the models of the other', async () => {
  stage = await openStage({ accounts: 2 });
  stage.fake.account(0).models.always(serverError(503));
  stage.fake.account(1).catalogue = [catalogueEntry('only-two')];
  expect(await codexSlugs()).toEqual(['only-two']);
});

test('an entry without truncation_policy does not reach clients as it is: it would cost them the whole list', async () => {
  stage = await openStage();
  stage.fake.account(0).catalogue = [catalogueEntry('good'), catalogueEntry('bad', { truncation_policy: undefined })];
  const { models } = (await stage.sidecar.call(CODEX)).json as { models: readonly Json[] };
  expect(models.map((model) => model['slug'])).toContain('good');
  expect(models.every((model) => model['truncation_policy'] !== undefined)).toBe(true);
});
