import { uuidv7 } from '../../../sidecar/platform/ids';
import { TightropeError } from '../../../sidecar/platform/errors';
import { DAY, HOUR, NOW, openLedger, turn, type LedgerFixture } from './ledger-fixture';

describe('answers of the ledger', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await openLedger();
  });
  afterEach(() => fixture.close());

  it('finds a turn by row id and by request id, the newest when a client repeats its id', async () => {
    const older = turn({ requestId: 'again', requestedAtMs: NOW - 10 });
    const newer = turn({ requestId: 'again', requestedAtMs: NOW });
    fixture.ledger.record(newer);
    fixture.ledger.record(older);
    expect((await fixture.ledger.find('again'))?.id).toBe(newer.id);
    expect((await fixture.ledger.find(older.id))?.id).toBe(older.id);
    expect(await fixture.ledger.find('unknown')).toBeNull();
  });

  it('sums requests and cost of the last 24 hours by account', async () => {
    const [busy, unpriced, idle] = [uuidv7(), uuidv7(), uuidv7()];
    for (const id of [busy, unpriced, idle]) await fixture.addAccount(id);
    fixture.ledger.record(turn({ accountId: busy }));
    fixture.ledger.record(turn({ accountId: busy, requestedAtMs: NOW - 23 * HOUR }));
    fixture.ledger.record(turn({ accountId: busy, model: 'gpt-unheard-of' }));
    fixture.ledger.record(turn({ accountId: busy, requestedAtMs: NOW - DAY - 1 }));
    fixture.ledger.record(turn({ accountId: unpriced, model: 'gpt-unheard-of' }));
    fixture.ledger.record(turn());
    await fixture.ledger.flush();
    expect(await fixture.ledger.usage24h()).toEqual(
      new Map([
        [busy, { requests: 3, costMicroUsd: 6200 }],
        [unpriced, { requests: 1, costMicroUsd: null }],
      ]),
    );
  });

  it('lists what there is to filter by', async () => {
    await fixture.addAccount('account-b');
    await fixture.addAccount('account-a');
    fixture.ledger.record(turn({ accountId: 'account-b', model: 'gpt-5' }));
    fixture.ledger.record(turn({ accountId: 'account-a' }));
    fixture.ledger.record(turn({ model: null }));
    await fixture.ledger.flush();
    expect(await fixture.ledger.options()).toEqual({
      accountIds: ['account-a', 'account-b'],
      models: ['gpt-5', 'gpt-5.4'],
      statuses: ['ok', 'warn', 'error'],
    });
  });

  it('refuses a bad cursor before it reads anything', async () => {
    const refused: unknown = await fixture.ledger.page({ cursor: '!' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TightropeError);
    expect(refused).toMatchObject({ code: 'invalid_query', param: 'cursor' });
  });

  it('shows what is stored when the disk does not take what is waiting', async () => {
    fixture.ledger.record(turn());
    await fixture.ledger.flush();
    jest.spyOn(fixture.database.write, 'flush').mockRejectedValue(new TightropeError('db_unavailable'));
    expect((await fixture.ledger.page({})).total).toBe(1);
    expect(fixture.complaints).toEqual(['request_log_read_without_flush']);
    jest.restoreAllMocks();
  });
});
