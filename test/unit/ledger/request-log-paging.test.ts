import fc from 'fast-check';
import type { RequestLogQuery } from '../../../sidecar/contract/request-log';
import { NOW, openLedger, turn, type LedgerFixture } from './ledger-fixture';

describe('paging through the request log', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await openLedger();
  });
  afterEach(() => fixture.close());

  /** All ids in the order of the pages; `between` runs after each page. */
  async function allIds(query: RequestLogQuery, between: () => void = () => undefined): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await fixture.ledger.page({ ...query, ...(cursor === null ? {} : { cursor }) });
      ids.push(...page.logs.map(({ id }) => id));
      cursor = page.nextCursor;
      between();
    } while (cursor !== null);
    return ids;
  }

  it('answers the newest first, and the larger id first within a millisecond', async () => {
    const records = [turn({ requestedAtMs: NOW - 5 }), turn(), turn(), turn({ requestedAtMs: NOW + 5 })];
    for (const record of records) fixture.ledger.record(record);
    const byTimeAndId = [...records]
      .sort((a, b) => b.requestedAtMs - a.requestedAtMs || (a.id < b.id ? 1 : -1))
      .map(({ id }) => id);
    expect(await allIds({ limit: '1' })).toEqual(byTimeAndId);
    expect(await allIds({})).toEqual(byTimeAndId);
  });

  it('shows each row once while rows arrive', async () => {
    const before = Array.from({ length: 25 }, (_, index) => turn({ requestedAtMs: NOW + Math.floor(index / 3) }));
    for (const record of before) fixture.ledger.record(record);
    let arriving = 0;
    const seen = await allIds({ limit: '4' }, () => {
      arriving += 1;
      // One newer than everything, one that was asked long ago and ends only now.
      fixture.ledger.record(turn({ requestedAtMs: NOW + 1000 + arriving }));
      fixture.ledger.record(turn({ requestedAtMs: NOW - arriving }));
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
  });

  it('counts all rows that pass the filter, on every page', async () => {
    for (let index = 0; index < 7; index += 1) fixture.ledger.record(turn({ requestedAtMs: NOW + index }));
    fixture.ledger.record(turn({ model: 'other' }));
    const first = await fixture.ledger.page({ limit: '3', model: 'gpt-5.4' });
    expect(first).toMatchObject({ limit: 3, offset: 0, total: 7 });
    const second = await fixture.ledger.page({ limit: '3', model: 'gpt-5.4', cursor: first.nextCursor ?? '' });
    expect(second.total).toBe(7);
  });

  it('still pages by offset', async () => {
    const records = Array.from({ length: 5 }, (_, index) => turn({ requestedAtMs: NOW - index }));
    for (const record of records) fixture.ledger.record(record);
    const page = await fixture.ledger.page({ limit: '2', offset: '2' });
    expect(page.offset).toBe(2);
    expect(page.logs.map(({ id }) => id)).toEqual(records.slice(2, 4).map(({ id }) => id));
    expect(await fixture.ledger.page({ offset: '99' })).toMatchObject({ logs: [], nextCursor: null, total: 5 });
  });

  it('has no cursor when the last page is exactly full', async () => {
    fixture.ledger.record(turn());
    fixture.ledger.record(turn());
    expect((await fixture.ledger.page({ limit: '2' })).nextCursor).toBeNull();
  });

  it('returns each of any rows exactly once, in order, whatever the page size', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 9 }), async (offsets, limit) => {
        await fixture.database.write.transaction(async (trx) => {
          await trx('request_logs').delete();
        });
        const records = offsets.map((offset) => turn({ requestedAtMs: NOW + offset }));
        for (const record of records) fixture.ledger.record(record);
        const expected = [...records]
          .sort((a, b) => b.requestedAtMs - a.requestedAtMs || (a.id < b.id ? 1 : -1))
          .map(({ id }) => id);
        expect(await allIds({ limit: String(limit) })).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});
