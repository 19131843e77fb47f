import { EventService } from '../../../sidecar/ledger/runtime-events-service';
import { retentionJob } from '../../../sidecar/ledger/retention';
import { DAY, NODE_ID, NOW, openLedger, turn, type LedgerFixture } from './ledger-fixture';

describe('retention', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await openLedger();
  });
  afterEach(() => fixture.close());

  const running = new AbortController().signal;
  const job = (): ((signal: AbortSignal) => Promise<void>) =>
    retentionJob({ ...fixture, requestLogDays: 30, eventDays: 7 });
  const openEvents = (): Promise<EventService> =>
    EventService.open({ ...fixture, nodeId: NODE_ID, announce: () => undefined });

  it('deletes log rows older than the days asked for, in several batches, and no others', async () => {
    for (let index = 0; index < 2100; index += 1) {
      fixture.ledger.record(turn({ requestId: 'old', requestedAtMs: NOW - 30 * DAY - 1 - index }));
    }
    fixture.ledger.record(turn({ requestId: 'edge', requestedAtMs: NOW - 30 * DAY }));
    fixture.ledger.record(turn({ requestId: 'new' }));
    await fixture.ledger.flush();
    const transactions = jest.spyOn(fixture.database.write, 'transaction');

    await job()(running);

    const left = await fixture.ledger.page({});
    expect(left.logs.map(({ requestId }) => requestId)).toEqual(['new', 'edge']);
    // Three batches of rows (1000, 1000, 100), one of decisions, one of events and one of sums.
    expect(transactions).toHaveBeenCalledTimes(6);
    jest.restoreAllMocks();
  });

  it('lets others write between two batches', async () => {
    for (let index = 0; index < 1500; index += 1) fixture.ledger.record(turn({ requestedAtMs: NOW - 40 * DAY }));
    await fixture.ledger.flush();
    const done = job()(running);
    let leftWhenServed = 0;
    await fixture.database.write.transaction(async (trx) => {
      const [row] = await trx('request_logs').count({ left: '*' });
      leftWhenServed = Number(row?.['left']);
    });
    await done;
    expect(leftWhenServed).toBeGreaterThan(0);
    expect((await fixture.ledger.page({})).total).toBe(0);
  });

  it('deletes nothing when it is told to stop before it starts', async () => {
    fixture.ledger.record(turn({ requestedAtMs: NOW - 40 * DAY }));
    await fixture.ledger.flush();
    await job()(AbortSignal.abort());
    expect((await fixture.ledger.page({})).total).toBe(1);
  });

  it('deletes old events but keeps the newest, so that no later event gets a seq twice', async () => {
    const events = await openEvents();
    for (const type of ['first', 'second', 'third']) events.publish({ type, level: 'info', message: type });
    const { nextSeq } = await events.page({ sinceSeq: null, limit: 10 });
    fixture.clock.nowMs = NOW + 8 * DAY;

    await job()(running);

    const left = await events.page({ sinceSeq: null, limit: 10 });
    expect(left.events.map(({ type }) => type)).toEqual(['third']);
    const nextProcess = await openEvents();
    nextProcess.publish({ type: 'fourth', level: 'info', message: 'fourth' });
    const resumed = await nextProcess.page({ sinceSeq: nextSeq, limit: 10 });
    expect(resumed.events.map(({ type }) => type)).toEqual(['fourth']);
  });

  it('deletes old events below a newer one', async () => {
    const events = await openEvents();
    events.publish({ type: 'old', level: 'info', message: 'old' });
    fixture.clock.nowMs = NOW + 8 * DAY;
    events.publish({ type: 'new', level: 'info', message: 'new' });
    await fixture.database.write.flush();
    await job()(running);
    const left = await events.page({ sinceSeq: null, limit: 10 });
    expect(left.events.map(({ type }) => type)).toEqual(['new']);
  });
});
