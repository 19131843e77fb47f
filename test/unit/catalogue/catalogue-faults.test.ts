import { listReply, model, startModelUpstream, type ModelUpstream, type Reply } from './model-upstream';
import { MINUTES, poolOver, type PoolUnderTest } from './pool-under-test';

let upstream: ModelUpstream;
let pool: PoolUnderTest;
const never = new AbortController().signal;

beforeEach(async () => {
  upstream = await startModelUpstream();
  pool = poolOver(upstream, ['a'], { waitWithoutListMs: 50, waitWithListMs: 20, fetchTimeoutMs: 1_000 });
});

afterEach(async () => {
  await pool.service.stop();
  await upstream.close();
});

const sourceNow = async (): Promise<string> => (await pool.service.catalogue(undefined, never)).source;
const reasons = (): unknown[] => pool.logger.lines.map((line) => line.facts['reason']);

/** A reply that waits until it is let go. */
function held(): { reply: Reply; letGo: (with_: Reply) => void } {
  const waiting: Parameters<Reply>[] = [];
  return {
    reply: (...call) => void waiting.push(call),
    letGo: (reply) => waiting.splice(0).forEach((call) => reply(...call)),
  };
}

/** Asks until the pending round has ended. */
async function settled(wanted: string): Promise<void> {
  for (let tries = 0; tries < 50 && (await pool.slugs())[0] !== wanted; tries += 1) continue;
}

test('a slow upstream: the floor after a moment, its answer once it is there', async () => {
  const slow = held();
  upstream.on('a', slow.reply);
  expect(await sourceNow()).toBe('floor');
  expect(await sourceNow()).toBe('floor');
  expect(upstream.seen).toHaveLength(1);
  slow.letGo(listReply([model('one')]));
  await settled('one');
  expect(await pool.slugs()).toEqual(['one']);
  expect(upstream.seen).toHaveLength(1);
});

test('a slow revalidation: the stale list meanwhile', async () => {
  upstream.on('a', listReply([model('one')]));
  await settled('one');
  const slow = held();
  upstream.on('a', slow.reply);
  pool.nowMs += 6 * MINUTES;
  expect(await pool.slugs()).toEqual(['one']);
  slow.letGo(listReply([model('two')]));
  await settled('two');
  expect(await pool.slugs()).toEqual(['two']);
});

test('a caller that leaves does not wait and does not stop the fetch', async () => {
  const patient = poolOver(upstream, ['a'], { waitWithoutListMs: 60_000 });
  const slow = held();
  upstream.on('a', slow.reply);
  const leave = new AbortController();
  const left = patient.service.catalogue(undefined, leave.signal);
  leave.abort();
  expect((await left).source).toBe('floor');
  expect((await patient.service.catalogue(undefined, AbortSignal.abort())).source).toBe('floor');
  const stays = patient.slugs();
  while (upstream.seen.length === 0) await new Promise(setImmediate);
  slow.letGo(listReply([model('one')]));
  expect(await stays).toEqual(['one']);
  await patient.service.stop();
});

test('a refused token is replaced once', async () => {
  upstream.on('a2', listReply([model('one')]));
  await settled('one');
  expect(pool.replaced).toEqual(['a']);
  expect(await pool.slugs()).toEqual(['one']);
});

test('a login that stays refused is a failed fetch, not a loop', async () => {
  const patient = poolOver(upstream, ['a']);
  expect((await patient.service.catalogue(undefined, never)).source).toBe('floor');
  expect(upstream.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer a', 'Bearer a2']);
  expect(patient.logger.lines[0]?.facts['reason']).toBe('upstream_error: The login was refused.');
  await patient.service.stop();
});

test.each<[string, Reply, RegExp]>([
  ['no JSON', (_request, response) => response.end('<html>'), /^upstream_error: .*no list of models/],
  ['no list', (_request, response) => response.end('{"models":{}}'), /^upstream_error: .*no list of models/],
  ['only bad entries', listReply([{ slug: 'x' }]), /^upstream_error: No entry/],
  ['304 to a first request', (_request, response) => response.writeHead(304).end(), /^upstream_error: .*304/],
  ['a redirect', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end(), /HTTP 302/],
  [
    'a torn answer',
    (_request, response) => void response.write('{"models":[', () => response.destroy()),
    /^upstream_unavailable: /,
  ],
  [
    'garbage as gzip',
    (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
    /^upstream_unavailable: /,
  ],
])('%s is a failed fetch that shows no token', async (_what, reply, reason) => {
  const patient = poolOver(upstream, ['a']);
  upstream.on('a', reply);
  expect((await patient.service.catalogue(undefined, never)).source).toBe('floor');
  const told = patient.logger.lines.find((line) => line.event === 'catalogue_fetch_failed');
  expect(told?.facts['reason']).toMatch(reason);
  expect(JSON.stringify(patient.logger.lines)).not.toContain('Bearer');
  await patient.service.stop();
});

test('more than the bound is cut off, also when it is small on the wire', async () => {
  const { gzipSync } = await import('node:zlib');
  const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024, 0x20));
  const patient = poolOver(upstream, ['a']);
  upstream.on('a', (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
  expect((await patient.service.catalogue(undefined, never)).source).toBe('floor');
  expect(patient.logger.lines[0]?.facts['reason']).toMatch(/^upstream_response_too_large/);
  await patient.service.stop();
});

test('stopping ends a running fetch without a complaint, and later callers get what there is', async () => {
  upstream.on('a', held().reply);
  await sourceNow();
  await pool.service.stop();
  expect(reasons()).toEqual([]);
  expect(await sourceNow()).toBe('floor');
});
