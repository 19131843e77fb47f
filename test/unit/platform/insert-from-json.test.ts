import { insertFromJson } from '../../../sidecar/platform/dialect';
import { openRaw, type SqliteConnection, type SqliteRow } from '../../../sidecar/platform/sqlite-connection';

let connection: SqliteConnection;

beforeEach(async () => {
  connection = await openRaw(':memory:', 'create');
  await connection.execute('CREATE TABLE accounts (id TEXT PRIMARY KEY)');
  await connection.execute("INSERT INTO accounts VALUES ('a')");
  await connection.execute('CREATE TABLE t (id TEXT, n INTEGER, score REAL, facts TEXT, account_id TEXT)');
});

afterEach(async () => {
  await connection.close();
});

const statement = insertFromJson('t', [
  { column: 'id' },
  { column: 'n', key: 'how many' },
  { column: 'score' },
  { column: 'facts' },
  { column: 'account_id', key: 'accountId', existsIn: 'accounts' },
]);

async function stored(rows: object[]): Promise<SqliteRow[]> {
  await connection.run(statement(JSON.stringify(rows)));
  return connection.all('SELECT * FROM t');
}

test('values keep their type, objects become their JSON text, missing ones NULL', async () => {
  const row = { id: 'x', 'how many': 2 ** 52, score: 0.25, facts: { a: ['é', "it's"] }, accountId: 'a' };
  expect(await stored([row, { id: 'y', 'how many': true }])).toEqual([
    { id: 'x', n: 2 ** 52, score: 0.25, facts: '{"a":["é","it\'s"]}', account_id: 'a' },
    { id: 'y', n: 1, score: null, facts: null, account_id: null },
  ]);
});

test('a reference to a row that is gone becomes NULL', async () => {
  expect(await stored([{ id: 'x', accountId: 'gone' }])).toMatchObject([{ id: 'x', account_id: null }]);
});

test('texts are stored as they are, whatever they contain', async () => {
  const texts = ["'); DROP TABLE t; --", '\u0000\u2028"\\', '[1]', '{"a":1}', 'null', ''];
  const rows = await stored(texts.map((id) => ({ id })));
  expect(rows.map(({ id }) => id)).toEqual(texts);
});
