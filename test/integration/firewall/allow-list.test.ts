/** The firewall over HTTP and at the door: networks, mapped addresses, trusted proxies, and the lock-out warning. */
import { codexBody } from '../harness/bodies';
import { errorOf, type Json } from '../harness/json-call';
import type { HttpCall } from '../harness/sse-client';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ env: { TIGHTROPE_TRUSTED_PROXIES: '127.0.0.1, 10.9.0.0/16' } });
});
afterAll(() => stage.close());

const PATH = '/api/firewall/ips';

async function list(): Promise<Json> {
  return (await stage.sidecar.admin('GET', PATH)).json;
}
async function ask(headers: HttpCall['headers'] = {}): Promise<number> {
  return (await stage.sidecar.post('/backend-api/codex/responses', codexBody(), headers)).status;
}

test('from everybody to a list and back', async () => {
  expect(await list()).toEqual({ mode: 'allow_all', loopbackAllowed: true, warning: null, entries: [] });
  const key = (await stage.sidecar.admin('POST', '/api/api-keys', { name: 'far' })).json['key'];
  const from = (chain: string): HttpCall['headers'] => ({ 'x-forwarded-for': chain, 'x-api-key': String(key) });
  expect(await ask(from('198.51.100.7'))).toBe(200);

  const added = await stage.sidecar.admin('POST', PATH, { ipAddress: '198.51.100.9/28' });
  expect([added.status, added.json]).toEqual([
    200,
    {
      ipAddress: '198.51.100.0/28',
      createdAt: expect.any(String) as string,
      warning: expect.stringContaining('127.0.0.1') as string,
    },
  ]);
  expect(await list()).toMatchObject({ mode: 'allowlist_active', loopbackAllowed: false });

  const locked = await stage.sidecar.post('/v1/responses', codexBody());
  expect([locked.status, errorOf(locked)]).toEqual([
    403,
    expect.objectContaining({ code: 'ip_forbidden', type: 'access_error' }),
  ]);
  for (const target of ['/v1/models', '/backend-api/codex/models', '/backend-api/wham/usage', '/api/codex/usage']) {
    expect([target, (await stage.sidecar.call(target)).status]).toEqual([target, 403]);
  }
  expect(await ask(from('198.51.100.7'))).toBe(200);
  expect(await ask(from('203.0.113.1, 198.51.100.7, 10.9.1.1'))).toBe(200);
  expect(await ask(from('::ffff:198.51.100.7'))).toBe(200);
  expect(await ask(from('198.51.100.7, 203.0.113.1'))).toBe(403);
  expect(await ask(from('198.51.100.16'))).toBe(403);
  expect(await ask(from('198.51.100.7, nonsense'))).toBe(403);

  const again = await stage.sidecar.admin('POST', PATH, { ip_address: '198.51.100.3/28' });
  expect([again.status, errorOf(again)['code']]).toEqual([409, 'ip_exists']);
  const open = await stage.sidecar.admin('POST', PATH, { ipAddress: '2001:DB8::/32', allowLoopback: true });
  expect(open.json).toMatchObject({ ipAddress: '2001:db8::/32', warning: null });
  expect(await ask()).toBe(200);

  for (const entry of (await list())['entries'] as readonly Json[]) {
    const target = `${PATH}/${encodeURIComponent(String(entry['ipAddress']))}`;
    expect((await stage.sidecar.admin('DELETE', target)).json).toEqual({ status: 'deleted' });
    const gone = await stage.sidecar.admin('DELETE', target);
    expect([gone.status, errorOf(gone)['code']]).toEqual([404, 'ip_not_found']);
  }
  expect(await list()).toMatchObject({ mode: 'allow_all', entries: [] });
});

test.each([{}, { ipAddress: 'localhost' }, { ipAddress: 7 }, { ipAddress: '10.0.0.0/40' }])(
  '%j is no address',
  async (body) => {
    const refused = await stage.sidecar.admin('POST', PATH, body);
    expect([refused.status, errorOf(refused)['code']]).toEqual([400, 'invalid_ip']);
  },
);
