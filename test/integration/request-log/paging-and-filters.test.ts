/** The log is read page by page without gaps or doubles, and by filter (design §11 "GET /api/logs"). */
import { payloadRejected } from '../../fakes/upstream/error-faults';
import { openAiBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

const ROWS = 25;

let stage: Stage;

interface Page {
  readonly logs: readonly Json[];
  readonly nextCursor: string | null;
  readonly total: number;
}

async function page(query: string): Promise<Page> {
  const answer = await stage.sidecar.admin('GET', `/api/logs${query}`);
  expect(answer.status).toBe(200);
  return answer.json as unknown as Page;
}

const ids = (logs: readonly Json[]): unknown[] => logs.map((row) => row['requestId']);

beforeAll(async () => {
  stage = await openStage({ accounts: 2 });
  for (let turn = 0; turn < ROWS; turn += 1) {
    const model = turn % 5 === 0 ? 'gpt-5.4' : 'gpt-5.5';
    if (turn % 10 === 9) stage.fake.scripts.responses.next(payloadRejected());
    await stage.sidecar.post('/v1/responses', openAiBody({ model, stream: false }), { 'x-request-id': `page-${turn}` });
  }
  await eventually('all rows are written', async () => ((await page('?limit=500')).total === ROWS ? true : undefined));
});
afterAll(() => stage.close());

test('newest first', async () => {
  const { logs } = await page('?limit=500');
  expect(ids(logs)).toEqual(Array.from({ length: ROWS }, (_, index) => `page-${ROWS - 1 - index}`));
});

test('cursors walk through every row once, also while new rows arrive', async () => {
  const seen: unknown[] = [];
  let query = '?limit=10';
  for (;;) {
    const { logs, nextCursor } = await page(query);
    seen.push(...ids(logs));
    if (nextCursor === null) break;
    await stage.sidecar.post('/v1/responses', { model: 5 }, { 'x-request-id': 'newcomer' });
    query = `?limit=10&cursor=${encodeURIComponent(nextCursor)}`;
  }
  expect(seen.filter((id) => id !== 'newcomer')).toEqual(
    Array.from({ length: ROWS }, (_, index) => `page-${ROWS - 1 - index}`),
  );
});

test.each([
  ['?model=gpt-5.4&limit=500', 5],
  // 4xx are `warn`, 5xx and broken streams `error`.
  ['?status=warn&search=page-&limit=500', 2],
  ['?status=error&search=page-&limit=500', 0],
  ['?status=ok&search=page-&limit=500', ROWS - 2],
  ['?search=page-7&limit=500', 1],
])('filter %s', async (query, count) => {
  const { logs } = await page(query);
  expect(logs.filter((row) => String(row['requestId']).startsWith('page-'))).toHaveLength(count);
});

test('by account', async () => {
  const accountId = String(stage.pool[0]?.['accountId']);
  const { logs } = await page(`?accountId=${accountId}&limit=500`);
  expect(logs.length).toBeGreaterThan(5);
  expect(new Set(logs.map((row) => row['accountId']))).toEqual(new Set([accountId]));
});

test.each(['?cursor=nonsense', '?status=purple', '?since=yesterday'])(
  '%s is a 400 that names the parameter',
  async (query) => {
    const answer = await stage.sidecar.admin('GET', `/api/logs${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: { field: query.slice(1).split('=')[0] } });
  },
);

test('an unknown id is a 404', async () => {
  const answer = await stage.sidecar.admin('GET', '/api/logs/no-such-request');
  expect(answer.status).toBe(404);
  expect(answer.json).toMatchObject({ error: { code: 'log_not_found' } });
});
