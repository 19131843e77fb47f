import type { Database } from '../../../sidecar/platform/database';
import { openRaw, type SqliteConnection } from '../../../sidecar/platform/sqlite-connection';
import { openQueue, ROWS, type QueueFixture } from './queue-fixture';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();
let fixture: QueueFixture;
let database: Database;

async function open(limits = {}): Promise<void> {
  fixture = await openQueue(directory(), { retryMs: [1, 4], ...limits });
  database = fixture.database;
}

afterEach(async () => {
  await database.close();
});

/** The writer's connection may not let the file grow: what a full disk does. */
async function limitPages(pages: number): Promise<void> {
  await database.write.transaction((trx) => trx.raw(`PRAGMA max_page_count = ${pages}`));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function events(): string[] {
  return fixture.logger.lines.map(({ event }) => event);
}

const BIG = 'x'.repeat(2000);

test('rows that meet a full disk are written when there is space again, in order and once', async () => {
  await open();
  await limitPages(8);
  const ids = Array.from({ length: 300 }, (_, i) => `r${i}`);
  for (const id of ids) database.write.append(ROWS, { id, note: BIG });
  await until(() => events().length > 0);
  expect(fixture.logger.lines[0]).toMatchObject({ level: 'warn', event: 'rows_not_written' });
  expect(await fixture.ids()).toEqual([]);
  await limitPages(1_000_000);
  await database.write.flush();
  expect(await fixture.ids()).toEqual(ids);
  expect(database.write.dropped()).toBe(0);
  expect(events()).toEqual(['rows_not_written', 'rows_written_again']);
});

test('a transaction that meets a full disk rejects and leaves the writer usable', async () => {
  await open();
  await limitPages(8);
  const big = database.write.transaction((trx) => trx('rows').insert({ id: 'big', note: BIG.repeat(50) }));
  await expect(big).rejects.toThrow('SQLITE_FULL');
  await database.write.transaction((trx) => trx('rows').insert({ id: 'small', note: '' }));
  expect(await fixture.ids()).toEqual(['small']);
});

test('past the bound the oldest rows are dropped and counted', async () => {
  await open({ backlogRows: 200 });
  await limitPages(8);
  for (let i = 0; i < 500; i += 1) database.write.append(ROWS, { id: `r${i}`, note: BIG });
  await until(() => events().length > 0);
  await limitPages(1_000_000);
  await database.write.flush();
  expect(database.write.dropped()).toBe(300);
  expect(await fixture.ids()).toEqual(Array.from({ length: 200 }, (_, i) => `r${i + 300}`));
});

test('a flush says how many rows wait when it takes too long', async () => {
  await open({ flushMs: 30 });
  await limitPages(8);
  for (let i = 0; i < 20; i += 1) database.write.append(ROWS, { id: `r${i}`, note: BIG });
  await expect(database.write.flush()).rejects.toMatchObject({ code: 'db_unavailable', details: { pending: 20 } });
  await database.close();
  expect(events()).toContain('rows_lost_at_close');
});

test('rows wait for another process that holds the write lock', async () => {
  await open();
  await database.write.transaction((trx) => trx.raw('PRAGMA busy_timeout = 0'));
  const other: SqliteConnection = await openRaw(database.file, 'existing');
  await other.execute('BEGIN IMMEDIATE');
  database.write.append(ROWS, { id: 'a', note: '' });
  await until(() => events().length > 0);
  await other.execute('ROLLBACK');
  await other.close();
  await database.write.flush();
  expect(await fixture.ids()).toEqual(['a']);
});
