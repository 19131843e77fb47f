import type { DecisionNote } from '../../../sidecar/contract/decision-note';
import type { NotedDecision } from '../../../sidecar/contract/turn-record';
import { RequestLogDetail } from '../../../sidecar/contract/request-log';
import { compile } from '../../../sidecar/contract/validate';
import { retentionJob } from '../../../sidecar/ledger/retention';
import { DAY, NOW, openLedger, turn, type LedgerFixture } from './ledger-fixture';

const NOTE: DecisionNote = {
  v: 1,
  atMs: NOW,
  strategy: 'headroom',
  grade: 'should',
  boundBy: 'session',
  boundTo: 'b',
  refusal: null,
  model: 'gpt-5.5',
  inputTokens: null,
  considered: 2,
  eligible: 1,
  parts: ['headroom'],
  candidates: [
    ['b', 'rate_limited', NOW + 1000, null],
    ['a', 'picked', null, 0.75, 0.75],
  ],
};
const noted = (note: DecisionNote = NOTE): NotedDecision => ({ score: 0.75, toJSON: () => note });

describe('routing decisions', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await openLedger();
  });
  afterEach(() => fixture.close());

  const stored = async (): Promise<number> => {
    const [row] = await fixture.database.read('routing_decisions').count({ rows: '*' });
    return Number(row?.['rows']);
  };

  it('are shown in words with their request', async () => {
    const record = turn({ decision: noted() });
    fixture.ledger.record(record);
    const found = compile(RequestLogDetail, 'detail')(await fixture.ledger.find(record.requestId));
    expect(found.routingScore).toBe(0.75);
    expect(found.decision).toMatchObject({
      strategy: 'headroom',
      boundBy: 'session',
      boundAccountId: 'b',
      accountId: 'a',
      candidates: [
        { accountId: 'a', verdict: 'chosen', code: 'picked', score: 0.75, parts: { headroom: 0.75 } },
        { accountId: 'b', verdict: 'excluded', reason: 'Rate limited until 2026-03-01T12:00:01.000Z.' },
      ],
    });
  });

  it('are made into text when they are written, not on the way of the answer', async () => {
    const toJSON = jest.fn(() => NOTE);
    fixture.ledger.record(turn({ decision: { score: null, toJSON } }));
    expect(toJSON).not.toHaveBeenCalled();
    await fixture.ledger.flush();
    expect(toJSON).toHaveBeenCalledTimes(1);
  });

  it('are absent where it never came to one', async () => {
    const record = turn();
    fixture.ledger.record(record);
    expect(await fixture.ledger.find(record.id)).toMatchObject({ decision: null, routingScore: null });
    expect(await stored()).toBe(0);
  });

  it.each(['{"v":2}', 'no json', '[]', '{"v":1,"candidates":[[]]}'])(
    'that this version cannot read (%s) hide nothing else of the request',
    async (decision) => {
      const record = turn();
      fixture.ledger.record(record);
      await fixture.database.write.transaction(async (trx) => {
        await trx('routing_decisions').insert({ request_log_id: record.id, at_ms: NOW, decision });
      });
      expect(await fixture.ledger.find(record.id)).toMatchObject({ id: record.id, decision: null });
    },
  );

  it('with a reason of another version show its code', async () => {
    const record = turn({ decision: noted({ ...NOTE, candidates: [['x', 'toString', 5, null]] }) });
    fixture.ledger.record(record);
    const found = await fixture.ledger.find(record.id);
    expect(found?.decision?.candidates).toEqual([
      { accountId: 'x', verdict: 'excluded', code: 'toString', reason: 'toString', score: null, parts: {} },
    ]);
  });

  it('with a time that is none are still readable', async () => {
    const record = turn({ decision: noted({ ...NOTE, candidates: [['x', 'cooling', 1e300, null]] }) });
    fixture.ledger.record(record);
    const found = await fixture.ledger.find(record.id);
    expect(found?.decision?.candidates[0]?.reason).toBe('Rests after failures until an unknown time.');
  });

  it.each([
    ['seven days', 30],
    ['as long as their requests when that is shorter', 1],
  ])('are kept for %s', async (_time, requestLogDays) => {
    const days = Math.min(7, requestLogDays);
    fixture.ledger.record(turn({ decision: noted(), requestedAtMs: NOW - days * DAY - 1 }));
    const kept = turn({ decision: noted(), requestedAtMs: NOW - days * DAY });
    fixture.ledger.record(kept);
    await fixture.ledger.flush();
    await retentionJob({ ...fixture, requestLogDays, eventDays: 30 })(new AbortController().signal);
    expect(await fixture.database.read('routing_decisions').pluck('request_log_id')).toEqual([kept.id]);
  });
});
