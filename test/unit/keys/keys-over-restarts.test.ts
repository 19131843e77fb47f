/** What keys have used outlives the process; what turns of a dead process held does not (spec/data-security.md 8.6). */
import { costMicroUsd } from '../../../sidecar/ledger/cost';
import { KeysService } from '../../../sidecar/keys/keys-service';
import { DAY, NODE_ID, openLedger, turn, type LedgerFixture } from '../ledger/ledger-fixture';

let ledger: LedgerFixture;

beforeEach(async () => {
  ledger = await openLedger();
});
afterEach(() => ledger.close());

function open(): Promise<KeysService> {
  const { database, clock, logger } = ledger;
  return KeysService.open({ database, clock, logger, nodeId: NODE_ID, price: costMicroUsd, isAccount: () => true });
}

async function reservations(): Promise<number> {
  const rows: readonly unknown[] = await ledger.database.read('api_key_usage_reservations').select('id');
  return rows.length;
}

const DEMAND = { model: 'gpt-5.5', serviceTier: null, bodyBytes: 400 };
/** Upstream never got to an answer. */
const FAILED = { statusCode: 502, firstTokenMs: null, inputTokens: null, outputTokens: null, totalTokens: null };
const LIMITS = [
  { limitType: 'requests', limitWindow: 'daily', maxValue: 10 },
  { limitType: 'cost_usd', limitWindow: 'monthly', maxValue: 2 },
] as const;

test('counters are the same after a restart, and a turn that was cut off has left nothing', async () => {
  const keys = await open();
  const { id } = await keys.create({ name: 'x', limits: [...LIMITS] });
  keys.reserve(id, DEMAND).close(turn());
  keys.reserve(id, DEMAND);
  await keys.close();
  expect(await reservations()).toBe(1);
  const [before] = keys.list();
  expect(before?.usageSummary).toEqual({
    requests: 1,
    inputTokens: 1000,
    outputTokens: 100,
    totalTokens: 1100,
    costUsd: (costMicroUsd('gpt-5.5', null, { inputTokens: 1000, cachedTokens: 400, outputTokens: 100 }) ?? 0) / 1e6,
    turnsInFlight: 1,
  });

  const [after] = (await open()).list();
  expect(await reservations()).toBe(0);
  expect(after).toEqual({
    ...before,
    usageSummary: { ...before?.usageSummary, turnsInFlight: 0 },
    limits: before?.limits.map((limit) => ({ ...limit, reservedValue: 0 })),
  });
  expect(ledger.complaints).toEqual(['api_key_reservations_left_behind']);
});

test('a reservation that ends before it was written is never written, one that was is deleted', async () => {
  const keys = await open();
  const { id } = await keys.create({ name: 'x' });
  const long = keys.reserve(id, DEMAND);
  keys.reserve(id, DEMAND).close(turn());
  await keys.close();
  expect(await reservations()).toBe(1);
  long.close(turn(FAILED));
  await keys.close();
  expect(await reservations()).toBe(0);
  expect(keys.list()[0]?.usageSummary).toMatchObject({ requests: 1, turnsInFlight: 0 });
});

test('a disk that fails meanwhile loses nothing', async () => {
  const keys = await open();
  const { id } = await keys.create({ name: 'x', limits: [...LIMITS] });
  await ledger.database.changeSchema((trx) => trx.schema.renameTable('api_key_limits', 'away'));
  const held = keys.reserve(id, DEMAND);
  keys.reserve(id, DEMAND).close(turn());
  await keys.close();
  held.close(turn());
  await ledger.database.changeSchema((trx) => trx.schema.renameTable('away', 'api_key_limits'));
  await keys.close();
  expect(await reservations()).toBe(0);
  const [after] = (await open()).list();
  expect(after?.limits[0]).toMatchObject({ limitType: 'requests', currentValue: 2, reservedValue: 0 });
});

test('the sweep takes what is older than any turn, whoever left it', async () => {
  const keys = await open();
  const { id } = await keys.create({ name: 'x' });
  keys.reserve(id, DEMAND);
  await keys.close();
  await keys.sweep(ledger.clock.nowMs - 1);
  expect(await reservations()).toBe(1);
  ledger.clock.nowMs += DAY;
  await keys.sweep(ledger.clock.nowMs - 1);
  expect(await reservations()).toBe(0);
});

test('a key that was deleted under its turn takes its figures along', async () => {
  const keys = await open();
  const { id } = await keys.create({ name: 'x', limits: [...LIMITS] });
  const held = keys.reserve(id, DEMAND);
  await keys.remove(id);
  held.close(turn());
  await keys.close();
  expect(await reservations()).toBe(0);
  expect(() => keys.rulesOf(id)).toThrow('deleted');
  expect(ledger.complaints).toEqual([]);
});

test('a cost limit does not let through what has no price', async () => {
  const keys = await open();
  const { id } = await keys.create({ name: 'x', limits: [LIMITS[1]] });
  expect(() => keys.reserve(id, { ...DEMAND, model: 'never-heard-of' })).toThrow('not known');
});
