import type { RequestLogQuery } from '../../../sidecar/contract/request-log';
import type { TurnRecord } from '../../../sidecar/contract/turn-record';
import { NOW, openLedger, turn, type LedgerFixture } from './ledger-fixture';

describe('filters of the request log', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await openLedger();
  });
  afterEach(() => fixture.close());

  /** Records turns named by request id and answers which of them the query finds, sorted. */
  async function found(turns: Record<string, Partial<TurnRecord>>, query: RequestLogQuery): Promise<string[]> {
    for (const [requestId, changes] of Object.entries(turns)) fixture.ledger.record(turn({ requestId, ...changes }));
    const page = await fixture.ledger.page(query);
    expect(page.total).toBe(page.logs.length);
    return page.logs.map(({ requestId }) => requestId).sort();
  }

  const outcomes: Record<string, Partial<TurnRecord>> = {
    fine: { statusCode: 200 },
    switched: { statusCode: 101 },
    broken: { statusCode: 200, errorCode: 'stream_incomplete' },
    brokenSocket: { statusCode: 101, errorCode: 'upstream_error' },
    limited: { statusCode: 429, errorCode: 'usage_limit_reached' },
    left: { statusCode: 499 },
    failed: { statusCode: 502, errorCode: 'upstream_unavailable' },
  };

  it.each([
    ['ok', ['fine', 'switched']],
    ['warn', ['left', 'limited']],
    ['error', ['broken', 'brokenSocket', 'failed']],
  ] as const)('tells %s turns apart, failures inside a 200 included', async (status, expected) => {
    expect(await found(outcomes, { status })).toEqual(expected);
  });

  it('filters by account and by model', async () => {
    await fixture.addAccount('account-a');
    await fixture.addAccount('account-b');
    const turns = {
      one: { accountId: 'account-a' },
      two: { accountId: 'account-b' },
      three: { accountId: 'account-a', model: 'gpt-5' },
    };
    expect(await found(turns, { accountId: 'account-a' })).toEqual(['one', 'three']);
    expect(await found({}, { accountId: 'account-a', model: 'gpt-5' })).toEqual(['three']);
    expect(await found({}, { accountId: 'nobody' })).toEqual([]);
  });

  it('takes since as inclusive and until as exclusive, as milliseconds or ISO time', async () => {
    const turns = { old: { requestedAtMs: NOW - 1 }, now: { requestedAtMs: NOW }, new: { requestedAtMs: NOW + 1 } };
    expect(await found(turns, { since: String(NOW) })).toEqual(['new', 'now']);
    expect(await found({}, { until: new Date(NOW).toISOString() })).toEqual(['old']);
    expect(await found({}, { since: '2026-03-01T12:00:00Z', until: '2026-03-01T12:00:00.001Z' })).toEqual(['now']);
  });

  it.each([
    ['REQ-AB', ['req-abc']],
    ['5.4-MINI', ['by-model']],
    ['stream_inc', ['by-code']],
    ['fell silent', ['by-message']],
    ['/backend-api', ['by-path']],
    ['nothing has this', []],
  ])('searches %j in request id, model, error and path', async (search, expected) => {
    const turns: Record<string, Partial<TurnRecord>> = {
      'req-abc': {},
      'by-model': { model: 'gpt-5.4-mini' },
      'by-code': { errorCode: 'stream_incomplete' },
      'by-message': { errorMessage: 'The upstream fell silent.' },
      'by-path': { path: '/backend-api/codex/responses' },
    };
    expect(await found(turns, { search })).toEqual(expected);
  });

  it.each([
    ['100%', ['100% sure']],
    ['a_b', ['a_b']],
    ['back\\slash', ['back\\slash']],
    ["it's", ["it's"]],
    ['what?', ['what?']],
    ['%', ['100% sure']],
    ['_', ['a_b']],
  ])('takes %j as plain text', async (search, expected) => {
    const plain = { model: null, path: '/p' };
    const ids = ['100% sure', '1000 sure', 'a_b', 'axb', 'back\\slash', 'backslash', "it's", 'what?'];
    expect(await found(Object.fromEntries(ids.map((id) => [id, plain])), { search })).toEqual(expected);
  });
});
