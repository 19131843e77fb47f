import { routingRoutes } from '../../../sidecar/admin/routing-routes';
import type { RoutingPreview, RoutingPreviewRequest } from '../../../sidecar/contract/routing';
import { codeOf, runApp, TOKEN, type Answer, type RunningApp } from './running-app';

const PREVIEW: RoutingPreview = {
  accountId: 'a',
  returnsAtMs: null,
  decision: {
    strategy: 'headroom',
    grade: 'free',
    boundBy: null,
    boundAccountId: null,
    accountId: 'a',
    refusal: null,
    atMs: 1,
    estimatedInputTokens: null,
    cachedTokensLost: null,
    released: false,
    considered: 1,
    eligible: 1,
    candidates: [],
  },
};

let app: RunningApp;
const asked: RoutingPreviewRequest[] = [];

beforeAll(async () => {
  const preview = (request: RoutingPreviewRequest): RoutingPreview => {
    asked.push(request);
    return PREVIEW;
  };
  app = await runApp([routingRoutes(preview)]);
});
afterAll(() => app.close());
beforeEach(() => {
  asked.length = 0;
});

const post = (body: string | undefined): Promise<Answer> => {
  const headers = ['Authorization', `Bearer ${TOKEN}`, 'Content-Type', 'application/json'];
  return app.ask({ method: 'POST', path: '/api/routing/preview', headers, ...(body === undefined ? {} : { body }) });
};

test('the described request is what is asked about', async () => {
  const answer = await post('{"model":"gpt-5.5","sessionId":"s","promptCacheKey":null,"estimatedInputTokens":5}');
  expect(answer.json).toEqual(PREVIEW);
  expect(asked).toEqual([{ model: 'gpt-5.5', sessionId: 's', estimatedInputTokens: 5 }]);
});

test.each([undefined, '{}', 'null'])('a request of which nothing is said (%s)', async (body) => {
  expect((await post(body)).status).toBe(200);
  expect(asked).toEqual([{}]);
});

test.each(['{"model":5}', '{"estimatedInputTokens":-1}', `{"sessionId":"${'x'.repeat(513)}"}`, '[]'])(
  '%s is refused',
  async (body) => {
    const answer = await post(body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_field']);
    expect(asked).toEqual([]);
  },
);
