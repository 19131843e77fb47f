/** Reports, exports and the overview of a running sidecar. */
import { codexBody } from '../harness/bodies';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

describe('reports and exports', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ accounts: 2 });
    for (let count = 0; count < 6; count += 1) await stage.sidecar.post('/backend-api/codex/responses', codexBody());
  });

  afterAll(() => stage.close());

  const get = async (path: string): Promise<Json> => {
    const answer = await stage.sidecar.admin('GET', path);
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    return answer.json;
  };

  it('say the same as the log, at once', async () => {
    const { logs } = (await get('/api/logs')) as { logs: readonly { totalTokens: number; totalCostUsd: number }[] };
    const report = await get('/api/reports?range=24h&by=account');
    const overview = await get('/api/dashboard/overview');
    const tokens = logs.reduce((sum, row) => sum + row.totalTokens, 0);
    expect(tokens).toBeGreaterThan(0);
    expect(report['totals']).toMatchObject({ requests: 6, totalTokens: tokens });
    expect(overview).toMatchObject({
      summary: { requests24h: 6, errors24h: 0, totalTokens24h: tokens, activeAccounts: 2 },
      accounts: [{ status: 'active' }, { status: 'active' }],
    });
  });

  it('come as CSV and JSON', async () => {
    const csv = await stage.sidecar.admin('GET', '/api/logs/export?format=csv');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="tightrope-requests.csv"');
    const lines = csv.text.trim().split('\r\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^id,requestId,nodeId,accountId,/);
    const json = await stage.sidecar.admin('GET', '/api/logs/export?format=json');
    expect(JSON.parse(json.text)).toEqual((await get('/api/logs'))['logs']);
    const report = await stage.sidecar.admin('GET', '/api/reports/export?by=model&format=json');
    expect(JSON.parse(report.text)).toMatchObject([{ name: 'gpt-5.5', requests: 6 }]);
    const none = await stage.sidecar.admin('GET', '/api/logs/export?format=json&model=nobody');
    expect(JSON.parse(none.text)).toEqual([]);
  });

  it('name the parameter that is wrong', async () => {
    for (const path of ['/api/reports?range=1y', '/api/reports/export?format=xml', '/api/logs/export?since=x']) {
      expect((await stage.sidecar.admin('GET', path)).json).toMatchObject({ error: { code: 'invalid_query' } });
    }
  });
});
