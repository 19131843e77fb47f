import { uuidv7 } from '../../../sidecar/platform/ids';
import { toRow } from '../../../sidecar/ledger/request-log-writer';
import { NODE_ID, NOW, openLedger, turn, type LedgerFixture } from './ledger-fixture';

describe('writing the request log', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await openLedger();
  });
  afterEach(() => fixture.close());

  it('stores every fact of a turn and gives it back', async () => {
    const account = uuidv7();
    await fixture.addAccount(account);
    const attempts = [
      { accountId: uuidv7(), status: 429, ms: 12.5, code: 'usage_limit_reached', blame: 'account' as const },
      { accountId: account, status: 200, ms: 900, code: null, blame: null },
    ];
    const record = turn({
      accountId: account,
      apiKeyId: 'key-1',
      sticky: true,
      errorCode: 'stream_incomplete',
      errorMessage: 'It ended "early" – zu früh 🙂',
      errorClass: 'upstream',
      attempts,
    });
    fixture.ledger.record(record);

    expect(await fixture.ledger.find(record.id)).toEqual({
      ...record,
      nodeId: NODE_ID,
      routingScore: null,
      requestedAt: '2026-03-01T12:00:00.000Z',
      totalCost: 0.0031,
      totalCostUsd: 0.0031,
      attempts: 2,
      attemptLog: attempts,
    });
    expect(fixture.complaints).toEqual([]);
  });

  it('keeps what is not known as null', async () => {
    const unknown = turn({
      model: null,
      serviceTier: null,
      reasoningEffort: null,
      upstreamTransport: null,
      routingStrategy: null,
      firstTokenMs: null,
      inputTokens: null,
      cachedTokens: null,
      outputTokens: null,
      reasoningTokens: null,
      totalTokens: null,
      responseId: null,
      sessionId: null,
      client: null,
    });
    fixture.ledger.record(unknown);
    expect(await fixture.ledger.find(unknown.id)).toMatchObject({
      ...unknown,
      totalCostUsd: null,
      attempts: 0,
      attemptLog: [],
    });
  });

  it('stores a turn whose account was deleted meanwhile without the reference, and its batch with it', async () => {
    const account = uuidv7();
    await fixture.addAccount(account);
    const lost = turn({ accountId: uuidv7() });
    const kept = turn({ accountId: account });
    fixture.ledger.record(lost);
    fixture.ledger.record(kept);
    expect((await fixture.ledger.find(lost.id))?.accountId).toBeNull();
    expect((await fixture.ledger.find(kept.id))?.accountId).toBe(account);

    await fixture.removeAccount(account);
    expect((await fixture.ledger.find(kept.id))?.accountId).toBeNull();
    expect(fixture.database.write.dropped()).toBe(0);
  });

  it('writes a record once, however often it comes', async () => {
    const record = turn();
    fixture.ledger.record(record);
    fixture.ledger.record(record);
    expect((await fixture.ledger.page({})).total).toBe(1);
  });

  it('lets no odd value cost the other rows of its batch', async () => {
    const odd = turn({
      statusCode: Number.NaN,
      latencyMs: 12.7,
      inputTokens: Number.POSITIVE_INFINITY,
      model: 'x'.repeat(100_000),
      requestId: 'nul\0byte',
      sessionId: '\ud800',
      errorMessage: 'm'.repeat(100_000),
    });
    const good = turn();
    fixture.ledger.record(odd);
    fixture.ledger.record(good);
    const stored = await fixture.ledger.find(odd.id);
    expect(stored).toMatchObject({ statusCode: 0, latencyMs: 13, inputTokens: null });
    expect(stored?.model).toHaveLength(256);
    expect(stored?.errorMessage).toHaveLength(2000);
    expect(await fixture.ledger.find(good.id)).not.toBeNull();
    expect(fixture.complaints).toEqual([]);
  });

  it('takes a snapshot: what happens to the record afterwards changes nothing', async () => {
    const record = turn({ attempts: [{ accountId: 'a', status: 200, ms: 1, code: null, blame: null }] });
    fixture.ledger.record(record);
    record.statusCode = 500;
    record.attempts.length = 0;
    expect(await fixture.ledger.find(record.id)).toMatchObject({ statusCode: 200, attemptLog: [{ accountId: 'a' }] });
  });

  it('never throws, even for a record that is none', () => {
    const broken = { ...turn(), requestId: undefined } as unknown as Parameters<typeof toRow>[0];
    expect(() => {
      fixture.ledger.record(broken);
    }).not.toThrow();
    expect(fixture.complaints).toEqual(['request_log_persist_failed']);
  });

  it('keeps no secret that an error message quotes', async () => {
    const record = turn({
      errorMessage: 'Upstream refused Authorization: Bearer abcdef.ghijkl-0123456789 sk-proj-0123456789abcdef',
    });
    fixture.ledger.record(record);
    const message = (await fixture.ledger.find(record.id))?.errorMessage;
    expect(message).toContain('Upstream refused');
    expect(message).not.toMatch(/ghijkl|sk-proj-0123/);
  });

  it('shows a row whose attempt log was damaged on the disk', async () => {
    const record = turn({ attempts: [{ accountId: 'a', status: 200, ms: 1, code: null, blame: null }] });
    fixture.ledger.record(record);
    await fixture.ledger.flush();
    await fixture.database.write.transaction(async (trx) => {
      await trx('request_logs').update({ attempt_log: '[{"acc' });
    });
    expect(await fixture.ledger.find(record.id)).toMatchObject({ id: record.id, attempts: 1, attemptLog: [] });
  });

  it('computes the cost in micro-USD', () => {
    expect(toRow(turn({ serviceTier: 'priority' }), NODE_ID).cost_micro_usd).toBe(6200);
    expect(toRow(turn({ model: 'gpt-unheard-of' }), NODE_ID).cost_micro_usd).toBeNull();
    expect(toRow(turn(), NODE_ID).requested_at_ms).toBe(NOW);
  });
});
