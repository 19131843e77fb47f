import { Metrics } from '../../../sidecar/admin/metrics';
import { toRow } from '../../../sidecar/ledger/request-log-writer';
import { turn } from '../ledger/ledger-fixture';

const facts = {
  turnsInFlight: () => 3,
  accounts: () => [{ status: 'active' }, { status: 'active' }, { status: 'paused' }],
  logRowsDropped: () => 0,
  uptimeSeconds: () => 12,
};

describe('the metrics', () => {
  it('count turns, tokens and cost, and look gauges up', async () => {
    const metrics = new Metrics(facts);
    metrics.observe(toRow(turn(), 'node'));
    metrics.observe(toRow(turn({ statusCode: 502, errorCode: 'upstream_error', errorClass: 'upstream' }), 'node'));
    const text = await metrics.text();
    for (const line of [
      'tightrope_requests_total{route="/v1/responses",status="2xx",transport="http"} 1',
      'tightrope_requests_total{route="/v1/responses",status="5xx",transport="http"} 1',
      'tightrope_failures_total{blame="upstream"} 1',
      'tightrope_tokens_total{kind="input"} 2000',
      'tightrope_turns_in_flight 3',
      'tightrope_accounts{status="active"} 2',
      'tightrope_request_duration_seconds_count{transport="http"} 2',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('stay small whatever callers send', async () => {
    const metrics = new Metrics(facts);
    metrics.observe(toRow(turn(), 'node'));
    const before = (await metrics.text()).length;
    for (let index = 0; index < 500; index += 1) {
      metrics.observe(
        toRow(turn({ model: `m${index}`, client: `c${index}`, apiKeyId: `k${index}`, accountId: `a${index}` }), 'node'),
      );
    }
    expect((await metrics.text()).length).toBeLessThan(before + 200);
  });

  it('keep paths apart up to a bound', async () => {
    const metrics = new Metrics(facts);
    for (let index = 0; index < 500; index += 1) metrics.observe(toRow(turn({ path: `/v1/models/${index}` }), 'node'));
    expect(await metrics.text()).toContain('route="other",status="2xx",transport="http"} 460');
  });
});
