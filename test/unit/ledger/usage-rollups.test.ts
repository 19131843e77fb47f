import fc from 'fast-check';
import { bucketOf, middleOf, percentile } from '../../../sidecar/ledger/latency-buckets';
import { ReportsService } from '../../../sidecar/ledger/reports-service';
import { DAY, HOUR, NOW, openLedger, turn, type LedgerFixture } from './ledger-fixture';

describe('sums of the request log', () => {
  let fixture: LedgerFixture;
  let reports: ReportsService;

  beforeEach(async () => {
    fixture = await openLedger();
    reports = new ReportsService(fixture);
    for (const id of ['a', 'b']) await fixture.addAccount(id);
  });

  afterEach(() => fixture.close());

  it('equal what the log holds, whichever way they are cut', async () => {
    const models = ['gpt-5.4', 'gpt-5.5', 'unheard-of'];
    let tokens = 0;
    for (let index = 0; index < 60; index += 1) {
      tokens += 1100;
      fixture.ledger.record(
        turn({
          accountId: index % 3 === 0 ? null : index % 2 === 0 ? 'a' : 'b',
          model: models[index % 3] ?? null,
          statusCode: index % 10 === 0 ? 502 : 200,
          requestedAtMs: NOW - (index % 5) * HOUR,
        }),
      );
    }
    for (const by of ['account', 'key', 'model', 'client'] as const) {
      const report = await reports.report({ by });
      expect(report.totals).toMatchObject({ requests: 60, errors: 6, totalTokens: tokens, unpricedRequests: 20 });
      for (const parts of [report.series, report.groups, await reports.rows({ by })]) {
        expect(parts.reduce((sum, part) => sum + part.requests, 0)).toBe(60);
        expect(parts.reduce((sum, part) => sum + part.totalTokens, 0)).toBe(tokens);
      }
    }
    const { logs } = await fixture.ledger.page({ limit: '500' });
    const cost = logs.reduce((sum, row) => sum + (row.totalCostUsd ?? 0), 0);
    expect((await reports.report({})).totals.costUsd).toBeCloseTo(cost, 9);
  });

  it('filter, name turns without a member, and compare with the time before', async () => {
    fixture.ledger.record(turn({ accountId: 'a' }));
    fixture.ledger.record(turn({ accountId: null }));
    fixture.ledger.record(turn({ accountId: 'a', requestedAtMs: NOW - 30 * HOUR }));
    const all = await reports.report({ range: '24h', by: 'account' });
    expect(all.groups.map(({ name, requests }) => [name, requests]).sort()).toEqual([
      [null, 1],
      ['a', 1],
    ]);
    expect(all.previous.requests).toBe(1);
    const one = await reports.report({ range: '24h', accountId: 'a' });
    expect(one.totals.requests).toBe(1);
    expect(one.groups).toEqual([]);
  });

  it('have hours and days that agree', async () => {
    for (let index = 0; index < 20; index += 1) fixture.ledger.record(turn({ requestedAtMs: NOW - index * 5 * HOUR }));
    const query = { since: String(NOW - 10 * DAY), until: String(NOW + DAY) };
    const [hourly, daily] = await Promise.all([
      reports.report({ ...query, groupBy: 'hour' }),
      reports.report({ ...query, groupBy: 'day' }),
    ]);
    expect(hourly.totals).toEqual(daily.totals);
    expect(hourly.series).toHaveLength(20);
    expect(daily.series.length).toBeLessThan(hourly.series.length);
  });

  it('know percentiles within 5 %', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 1, maxLength: 200 }), (durations) => {
        const buckets = new Map<number, number>();
        for (const ms of durations) buckets.set(bucketOf(ms), (buckets.get(bucketOf(ms)) ?? 0) + 1);
        const sorted = [...durations].sort((a, b) => a - b);
        for (const share of [0.5, 0.95, 0.99]) {
          const exact = sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] ?? 0;
          expect(Math.abs((percentile(buckets, share) ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.05 + 1);
        }
      }),
    );
    expect(percentile(new Map(), 0.5)).toBeNull();
    expect(middleOf(bucketOf(0))).toBe(0);
  });

  it('tell so many names apart, and no more', async () => {
    for (let index = 0; index < 400; index += 1) fixture.ledger.record(turn({ model: `made-up-${index}` }));
    const { groups, totals } = await reports.report({ by: 'model' });
    expect(groups.length).toBeLessThanOrEqual(301);
    expect(groups.find(({ name }) => name === 'other')?.requests).toBe(100);
    expect(totals.requests).toBe(400);
  });

  it.each([
    [{ since: 'yesterday' }, 'since'],
    [{ since: '2026-03-02', until: '2026-03-01' }, 'since'],
    [{ since: '2020-01-01', until: '2026-01-01', groupBy: 'hour' as const }, 'groupBy'],
  ])('refuse %j', async (query, param) => {
    await expect(reports.report(query)).rejects.toMatchObject({ code: 'invalid_query', param });
  });
});
