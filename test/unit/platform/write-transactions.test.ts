import type { Database } from '../../../sidecar/platform/database';
import { openRaw } from '../../../sidecar/platform/sqlite-connection';
import { openQueue, ROWS, type QueueFixture } from './queue-fixture';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();
let fixture: QueueFixture;
let database: Database;

beforeEach(async () => {
  fixture = await openQueue(directory(), { slowTransactionMs: 20 });
  database = fixture.database;
});

afterEach(async () => {
  await database.close();
});

test('a transaction returns what its body returns', async () => {
  await expect(database.write.transaction(() => Promise.resolve('done'))).resolves.toBe('done');
});

test('a body that throws leaves nothing behind, rejects with its own error and frees the writer', async () => {
  const failure = new Error('changed my mind');
  const failing = database.write.transaction(async (trx) => {
    await trx('rows').insert({ id: 'a', note: '' });
    throw failure;
  });
  await expect(failing).rejects.toBe(failure);
  await database.write.transaction((trx) => trx('rows').insert({ id: 'b', note: '' }));
  expect(await fixture.ids()).toEqual(['b']);
});

test('a commit that fails leaves no transaction open', async () => {
  await database.write.transaction((trx) =>
    trx.raw('CREATE TABLE later (id TEXT, row TEXT REFERENCES rows (id) DEFERRABLE INITIALLY DEFERRED)'),
  );
  const failing = database.write.transaction((trx) => trx('later').insert({ id: 'x', row: 'nobody' }));
  await expect(failing).rejects.toThrow('FOREIGN KEY');
  await database.write.transaction((trx) => trx('rows').insert({ id: 'a', note: '' }));
  expect(await database.read('later').select()).toEqual([]);
  expect(await fixture.ids()).toEqual(['a']);
});

test('transactions run one after the other in the order of their coming', async () => {
  const steps: string[] = [];
  const run = (name: string): Promise<void> =>
    database.write.transaction(async (trx) => {
      steps.push(`${name} begins`);
      await trx('rows').insert({ id: name, note: '' });
      steps.push(`${name} ends`);
    });
  await Promise.all([run('a'), run('b'), run('c')]);
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('rows appended before a transaction are there for it, those appended meanwhile come after it', async () => {
  database.write.append(ROWS, { id: 'before', note: '' });
  const seen = await database.write.transaction(async (trx) => {
    database.write.append(ROWS, { id: 'meanwhile', note: '' });
    const rows: { id: string }[] = await trx('rows').select('id');
    await trx('rows').insert({ id: 'inside', note: '' });
    return rows;
  });
  expect(seen).toEqual([{ id: 'before' }]);
  await database.write.flush();
  expect(await fixture.ids()).toEqual(['before', 'inside', 'meanwhile']);
});

test('a transaction takes the write lock when it begins, not at its first write', async () => {
  const other = await openRaw(database.file, 'existing');
  await other.execute('PRAGMA busy_timeout = 0');
  await database.write.transaction(async () => {
    await expect(other.execute('BEGIN IMMEDIATE')).rejects.toThrow('SQLITE_BUSY');
  });
  await other.close();
});

test('a transaction within a transaction is a savepoint', async () => {
  await database.write.transaction(async (trx) => {
    await trx('rows').insert({ id: 'outer', note: '' });
    const inner = trx.transaction(async (nested) => {
      await nested('rows').insert({ id: 'inner', note: '' });
      throw new Error('only the inner one');
    });
    await expect(inner).rejects.toThrow('only the inner one');
  });
  expect(await fixture.ids()).toEqual(['outer']);
});

test('a transaction that holds up the others is reported while it runs', async () => {
  await database.write.transaction(
    () =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (fixture.logger.lines.length > 0) resolve();
          else setImmediate(look);
        };
        look();
      }),
  );
  expect(fixture.logger.lines).toMatchObject([{ level: 'warn', event: 'write_transaction_slow' }]);
});
