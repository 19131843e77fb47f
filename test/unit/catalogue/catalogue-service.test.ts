import { CLIENT_VERSION_FLOOR } from '../../../sidecar/catalogue/client-version';
import { floorModels } from '../../../sidecar/catalogue/floor';
import { listReply, model, startModelUpstream, type ModelUpstream } from './model-upstream';
import { MINUTES, poolOver, type PoolUnderTest } from './pool-under-test';

let upstream: ModelUpstream;
let pool: PoolUnderTest;

beforeEach(async () => {
  upstream = await startModelUpstream();
});

afterEach(async () => {
  await pool.service.stop();
  await upstream.close();
});

const never = new AbortController().signal;

test('asks each account with its login and the version, and unites the answers', async () => {
  upstream.on('a', listReply([model('one'), model('two')]));
  upstream.on('nameless', listReply([model('two', { priority: 9 }), model('three')]));
  pool = poolOver(upstream, ['a', 'nameless']);
  const catalogue = await pool.service.catalogue(undefined, never);
  expect(catalogue.source).toBe('upstream');
  expect(catalogue.models).toEqual([model('one'), model('two'), model('three')]);
  const [first, second] = [...upstream.seen].sort((x, y) =>
    (x.headers.authorization ?? '').localeCompare(y.headers.authorization ?? ''),
  );
  expect(first?.url).toBe(`/backend-api/codex/models?client_version=${CLIENT_VERSION_FLOOR}`);
  expect(first?.headers).toMatchObject({
    authorization: 'Bearer a',
    'chatgpt-account-id': 'workspace-a',
    accept: 'application/json',
    'user-agent': 'tightrope/test',
  });
  expect(second?.headers).not.toHaveProperty('chatgpt-account-id');
});

test('an empty pool answers the floor at once, and the first account changes that', async () => {
  pool = poolOver(upstream, []);
  const floor = await pool.service.catalogue(undefined, never);
  expect(floor).toEqual({ ...floorModels(), source: 'floor' });
  upstream.on('a', listReply([model('one')]));
  pool.usable = ['a'];
  expect(await pool.slugs()).toEqual(['one']);
});

test('is asked once in five minutes, however many ask at once', async () => {
  upstream.on('a', listReply([model('one')]));
  pool = poolOver(upstream, ['a']);
  await Promise.all(Array.from({ length: 20 }, () => pool.slugs()));
  pool.nowMs += 5 * MINUTES - 1;
  await pool.slugs();
  expect(upstream.seen).toHaveLength(1);
  pool.nowMs += 1;
  await pool.slugs();
  expect(upstream.seen).toHaveLength(2);
});

test('revalidates with the account’s own ETag; 304 keeps list and validator', async () => {
  upstream.on('a', listReply([model('one')], '"v1"'));
  upstream.on('b', listReply([model('two')]));
  pool = poolOver(upstream, ['a', 'b']);
  const before = await pool.service.catalogue(undefined, never);
  pool.nowMs += 6 * MINUTES;
  const after = await pool.service.catalogue(undefined, never);
  expect(after).toEqual(before);
  const again = upstream.seen.slice(2).map(({ headers }) => [headers.authorization, headers['if-none-match']]);
  expect(again.sort()).toEqual([
    ['Bearer a', '"v1"'],
    ['Bearer b', undefined],
  ]);
});

test('a newer client makes it ask again at once, without the old validator', async () => {
  upstream.on('a', listReply([model('one')], '"v1"'));
  pool = poolOver(upstream, ['a']);
  await pool.slugs();
  pool.service.noteClientVersion('codex_cli_rs/0.180.0 (Linux; x86_64) xterm');
  await pool.slugs();
  expect(upstream.seen.map(({ url }) => url.split('=')[1])).toEqual([CLIENT_VERSION_FLOOR, '0.180.0']);
  expect(upstream.seen[1]?.headers).not.toHaveProperty('if-none-match');
  await pool.slugs('0.170.0');
  expect(upstream.seen).toHaveLength(2);
});

test('an entry without truncation_policy costs only itself', async () => {
  const broken = model('broken', { truncation_policy: undefined });
  upstream.on('a', listReply([model('one'), broken, model('two')]));
  pool = poolOver(upstream, ['a']);
  expect(await pool.slugs()).toEqual(['one', 'two']);
  expect(pool.logger.lines).toEqual([
    {
      level: 'warn',
      event: 'catalogue_entries_dropped',
      facts: { accountId: 'a', dropped: [{ slug: 'broken', reason: '`truncation_policy` is required.' }] },
    },
  ]);
});

test('stays stale while upstream fails, tries again after half a minute, and heals', async () => {
  upstream.on('a', listReply([model('one')]));
  pool = poolOver(upstream, ['a']);
  const before = await pool.service.catalogue(undefined, never);
  upstream.on('a', (_request, response) => response.writeHead(503).end('down'));
  pool.nowMs += 6 * MINUTES;
  expect(await pool.service.catalogue(undefined, never)).toEqual(before);
  await pool.slugs();
  expect(upstream.seen).toHaveLength(2);
  expect(pool.logger.lines[0]).toMatchObject({
    event: 'catalogue_fetch_failed',
    facts: { accountId: 'a', reason: 'upstream_error: The catalogue answered HTTP 503.' },
  });
  upstream.on('a', listReply([model('new')]));
  pool.nowMs += 30_000;
  expect(await pool.slugs()).toEqual(['new']);
});

test('one failing account does not hide what another offers', async () => {
  upstream.on('b', listReply([model('two')]));
  upstream.on('a', (_request, response) => response.writeHead(403).end());
  pool = poolOver(upstream, ['a', 'b']);
  expect(await pool.slugs()).toEqual(['two']);
});

test('an account that is out of rotation keeps its models for an hour', async () => {
  upstream.on('a', listReply([model('one')]));
  upstream.on('b', listReply([model('two')]));
  pool = poolOver(upstream, ['a', 'b']);
  await pool.slugs();
  pool.usable = ['b'];
  pool.nowMs += 30 * MINUTES;
  expect(await pool.slugs()).toEqual(['two', 'one']);
  pool.nowMs += 31 * MINUTES;
  expect(await pool.slugs()).toEqual(['two']);
  pool.usable = [];
  pool.nowMs += 120 * MINUTES;
  expect(await pool.slugs()).toEqual(['two']);
});
