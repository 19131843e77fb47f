/** `/metrics`, `/health/live` and `/health/ready` of a running sidecar. */
import { codexBody } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';

describe('metrics and readiness', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ accounts: 1 });
  });

  afterAll(() => stage.close());

  it('shows metrics to the admin token and to nobody from another site', async () => {
    await stage.sidecar.post('/backend-api/codex/responses', codexBody());
    const metrics = await stage.sidecar.admin('GET', '/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(metrics.text).toContain(
      'tightrope_requests_total{route="/backend-api/codex/responses",status="2xx",transport="http"} 1',
    );
    expect(metrics.text).toContain('tightrope_accounts{status="active"} 1');
    const foreign = await stage.sidecar.call('/metrics', { headers: { origin: 'http://evil.example' } });
    expect(foreign.status).toBe(403);
    const wrong = await stage.sidecar.call('/metrics', { headers: { authorization: 'Bearer nonsense' } });
    expect(wrong.status).toBe(401);
  });

  it('is alive without a token, and ready while it takes turns', async () => {
    const { sidecar } = stage;
    expect((await sidecar.call('/health/live')).json).toEqual({ status: 'ok' });
    expect((await sidecar.call('/health/ready')).json).toEqual({ status: 'ready', reasons: [] });
    await sidecar.admin('POST', '/api/runtime/proxy/stop');
    const stopped = await sidecar.call('/health/ready');
    expect({ status: stopped.status, body: stopped.json }).toEqual({
      status: 503,
      body: { status: 'not_ready', reasons: ['proxy_disabled'] },
    });
    await sidecar.admin('POST', '/api/runtime/proxy/start');
    expect((await sidecar.call('/health/ready')).status).toBe(200);
  });
});
