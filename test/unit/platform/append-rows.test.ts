import type { AppendTarget, Database } from '../../../sidecar/platform/database';
import { openRaw } from '../../../sidecar/platform/sqlite-connection';
import { openQueue, ROWS, type QueueFixture } from './queue-fixture';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();
let fixture: QueueFixture;
let database: Database;

async function open(limits = {}): Promise<void> {
  fixture = await openQueue(directory(), limits);
  database = fixture.database;
}

afterEach(async () => {
  await database.close();
});

/** The rows target, telling how many rows each statement got. */
function counting(): { target: AppendTarget; sizes: number[] } {
  const sizes: number[] = [];
  const statement = (json: string) => {
    sizes.push((JSON.parse(json) as unknown[]).length);
    return ROWS.statement(json);
  };
  return { target: { name: 'counted', statement }, sizes };
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `r${i}`);
}

test('rows are written in the order they came', async () => {
  await open();
  const ids = names(1234);
  for (const id of ids) database.write.append(ROWS, { id, note: '' });
  await database.write.flush();
  expect(await fixture.ids()).toEqual(ids);
});

test('a single row is written by itself within the delay', async () => {
  await open({ delayMs: 5 });
  const { target, sizes } = counting();
  database.write.append(target, { id: 'a', note: '' });
  expect(sizes).toEqual([]);
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (sizes.length > 0) resolve();
      else setImmediate(look);
    };
    look();
  });
  await database.write.transaction(() => Promise.resolve());
  expect(await fixture.ids()).toEqual(['a']);
});

test('rows of one turn of the loop share statements, at most 500 each', async () => {
  await open();
  const { target, sizes } = counting();
  for (const id of names(1100)) database.write.append(target, { id, note: '' });
  await database.write.flush();
  expect(sizes).toEqual([500, 500, 100]);
});

test('a hundred rows do not wait for the delay', async () => {
  await open({ delayMs: 60_000 });
  const { target, sizes } = counting();
  for (const id of names(100)) database.write.append(target, { id, note: '' });
  await database.write.transaction(() => Promise.resolve());
  expect(sizes).toEqual([100]);
});

test('a flush without rows resolves at once, one with rows when they are readable', async () => {
  await open();
  await database.write.flush();
  database.write.append(ROWS, { id: 'a', note: '' });
  const flushes = [database.write.flush(), database.write.flush()];
  await Promise.all(flushes);
  expect(await fixture.ids()).toEqual(['a']);
});

test('closing writes what is left, and rows that come later are counted as dropped', async () => {
  await open();
  database.write.append(ROWS, { id: 'a', note: '' });
  const closing = database.close();
  database.write.append(ROWS, { id: 'late', note: '' });
  await closing;
  expect(database.write.dropped()).toBe(1);
  const connection = await openRaw(database.file, 'read-only');
  expect(await connection.all('SELECT id FROM rows')).toEqual([{ id: 'a' }]);
  await connection.close();
});

test('a row that exists already is left as it is', async () => {
  await open();
  database.write.append(ROWS, { id: 'a', note: 'first' });
  await database.write.flush();
  database.write.append(ROWS, { id: 'a', note: 'second' });
  database.write.append(ROWS, { id: 'b', note: '' });
  await database.write.flush();
  expect(await database.read('rows').select('id', 'note')).toEqual([
    { id: 'a', note: 'first' },
    { id: 'b', note: '' },
  ]);
});

test('rows that the table does not take are counted and logged, the others of the batch get in', async () => {
  await open();
  const ids = names(50);
  for (const id of ids) database.write.append(ROWS, { id, note: id === 'r7' || id === 'r31' ? null : 'ok' });
  await database.write.flush();
  expect(await fixture.ids()).toEqual(ids.filter((id) => id !== 'r7' && id !== 'r31'));
  expect(database.write.dropped()).toBe(2);
  expect(fixture.logger.lines).toEqual([
    { level: 'error', event: 'rows_rejected', facts: expect.objectContaining({ target: 'rows', rows: 2 }) as object },
  ]);
});

test('a row that is no JSON costs no other row', async () => {
  await open();
  database.write.append(ROWS, { id: 'a', note: 'ok' });
  database.write.append(ROWS, { id: 'b', note: 1n });
  database.write.append(ROWS, { id: 'c', note: 'ok' });
  await database.write.flush();
  expect(await fixture.ids()).toEqual(['a', 'c']);
});

test('a target whose table is missing loses its rows with one error line, and holds up nobody', async () => {
  await open();
  const nowhere: AppendTarget = {
    name: 'nowhere',
    statement: (json) => ({ sql: 'INSERT INTO missing SELECT value FROM json_each(?)', bindings: [json] }),
  };
  for (let i = 0; i < 3; i += 1) {
    database.write.append(nowhere, { id: i });
    database.write.append(ROWS, { id: `r${i}`, note: '' });
    await database.write.flush();
  }
  expect(await fixture.ids()).toEqual(['r0', 'r1', 'r2']);
  expect(fixture.logger.lines.map(({ event }) => event)).toEqual(['rows_rejected']);
  expect(database.write.dropped()).toBe(3);
});
