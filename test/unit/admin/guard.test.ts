import { admit, type GuardRules, type Visitor } from '../../../sidecar/admin/guard';
import type { PathAccess } from '../../../sidecar/admin/path-access';
import { TightropeError } from '../../../sidecar/platform/errors';
import { guardRules, TOKEN } from './running-app';

interface Given {
  readonly method?: string;
  readonly host?: string;
  readonly peer?: string | undefined;
  readonly headers?: readonly string[];
}

function visitor({ method = 'GET', host = '127.0.0.1:2455', peer = '127.0.0.1', headers = [] }: Given): Visitor {
  const rawHeaders = ['Host', host, ...headers];
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'origin');
  return { remoteAddress: peer, method, host, origin: at === -1 ? undefined : rawHeaders[at + 1], rawHeaders };
}

/** The refusal, or `null` when the visitor was let in. */
function refuseAdmin(rules: GuardRules, from: Visitor, access: PathAccess = 'admins'): TightropeError | null {
  const admitted = admit(rules, from, access);
  return admitted instanceof TightropeError ? admitted : null;
}

const PAGE = ['Origin', 'http://127.0.0.1:2455'] as const;
const GOOD = ['Authorization', `Bearer ${TOKEN}`] as const;
const REMOTE = '203.0.113.9';

type Row = [name: string, given: Given, code: string | null];

const ROWS: Row[] = [
  ['a safe request of this machine', {}, null],
  ['IPv6 loopback', { peer: '::1', host: '[::1]:2455' }, null],
  ['IPv4-mapped loopback', { peer: '::ffff:127.0.0.1', host: 'localhost' }, null],
  ['a rebinding Host', { host: 'evil.example:2455' }, 'host_not_allowed'],
  ['a Host that only begins like ours', { host: 'localhost.evil.example' }, 'host_not_allowed'],
  ['a Host with user info', { host: 'localhost@evil.example' }, 'host_not_allowed'],
  ['an empty Host', { host: '' }, 'host_not_allowed'],
  ['a repeated Host', { headers: ['Host', '127.0.0.1:2455'] }, 'host_not_allowed'],
  ['a bad Host with the token', { host: 'evil.example', headers: GOOD }, 'host_not_allowed'],
  ['our page changing something', { method: 'POST', headers: PAGE }, null],
  ['a foreign Origin', { method: 'POST', headers: ['Origin', 'http://evil.example'] }, 'origin_not_allowed'],
  [
    'another port of this machine',
    { method: 'POST', headers: ['Origin', 'http://127.0.0.1:3000'] },
    'origin_not_allowed',
  ],
  ['an opaque Origin', { method: 'POST', headers: ['Origin', 'null'] }, 'origin_not_allowed'],
  ['an empty Origin', { method: 'POST', headers: ['Origin', ''] }, 'origin_not_allowed'],
  [
    'our Origin and a foreign one',
    { method: 'POST', headers: [...PAGE, 'Origin', 'http://evil.example'] },
    'origin_not_allowed',
  ],
  ['a foreign Origin on a safe request', { headers: ['Origin', 'http://evil.example'] }, 'origin_not_allowed'],
  ['a foreign Origin with the token', { headers: [...GOOD, 'Origin', 'http://evil.example'] }, 'origin_not_allowed'],
  ['an extension as Origin', { method: 'POST', headers: ['Origin', 'chrome-extension://abc'] }, 'origin_not_allowed'],
  ['Sec-Fetch-Site cross-site without Origin', { headers: ['Sec-Fetch-Site', 'cross-site'] }, 'origin_not_allowed'],
  ['Sec-Fetch-Site same-site without Origin', { headers: ['Sec-Fetch-Site', 'same-site'] }, 'origin_not_allowed'],
  ['Sec-Fetch-Site same-origin', { headers: ['Sec-Fetch-Site', 'same-origin'] }, null],
  ['an address typed by a person', { headers: ['Sec-Fetch-Site', 'none'] }, null],
  ['a change without Origin', { method: 'POST' }, 'admin_token_required'],
  ['DELETE without Origin', { method: 'DELETE' }, 'admin_token_required'],
  ['a change by a script with the token', { method: 'POST', headers: GOOD }, null],
  [
    'the token with another case of the scheme',
    { method: 'POST', headers: ['authorization', `bearer ${TOKEN}`] },
    null,
  ],
  ['a wrong token', { method: 'POST', headers: ['Authorization', 'Bearer wrong'] }, 'admin_token_required'],
  ['a wrong token on a safe request', { headers: ['Authorization', 'Bearer wrong'] }, 'admin_token_required'],
  ['basic authentication', { headers: ['Authorization', 'Basic eDp5'] }, 'admin_token_required'],
  ['an empty bearer', { headers: ['Authorization', 'Bearer '] }, 'admin_token_required'],
  ['two Authorization headers', { headers: [...GOOD, 'Authorization', 'Bearer wrong'] }, 'admin_token_required'],
  ['a socket without Origin', { headers: ['Upgrade', 'websocket'] }, 'admin_token_required'],
  ['a socket of our page', { headers: ['Upgrade', 'websocket', ...PAGE] }, null],
  [
    'a socket of another site',
    { headers: ['Upgrade', 'websocket', 'Origin', 'https://evil.example'] },
    'origin_not_allowed',
  ],
  ['a peer off the machine', { peer: REMOTE }, 'admin_token_required'],
  ['a peer off the machine with our Origin', { peer: REMOTE, method: 'POST', headers: PAGE }, 'admin_token_required'],
  ['a peer off the machine with the token', { peer: REMOTE, method: 'POST', headers: GOOD }, null],
  ['a peer that is gone', { peer: undefined }, 'admin_token_required'],
  ['loopback with X-Forwarded-For', { headers: ['X-Forwarded-For', '127.0.0.1'] }, 'admin_token_required'],
  ['loopback with Forwarded', { headers: ['Forwarded', 'for=127.0.0.1'] }, 'admin_token_required'],
  [
    'loopback with X-Real-IP twice',
    { headers: ['X-Real-IP', '127.0.0.1', 'x-real-ip', '127.0.0.1'] },
    'admin_token_required',
  ],
  [
    'loopback with X-Forwarded-Proto and our Origin',
    { method: 'POST', headers: [...PAGE, 'X-Forwarded-Proto', 'https'] },
    'admin_token_required',
  ],
];

test.each(ROWS)('%s', (_name, given, code) => {
  expect(
    refuseAdmin(guardRules(), { ...visitor(given), ...('peer' in given ? { remoteAddress: given.peer } : {}) })?.code ??
      null,
  ).toBe(code);
});

test('statuses are 421, 403 and 401 with a challenge', () => {
  const rules = guardRules();
  expect(refuseAdmin(rules, visitor({ host: 'x.example' }))?.status).toBe(421);
  expect(refuseAdmin(rules, visitor({ headers: ['Origin', 'null'] }))?.status).toBe(403);
  expect(refuseAdmin(rules, visitor({ method: 'PUT' }))).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="tightrope"' },
  });
});

test('a path of clients ignores their bearers but keeps every other rule', () => {
  const rules = guardRules();
  const client = ['Authorization', 'Bearer sk-client'];
  expect(refuseAdmin(rules, visitor({ headers: client }), 'clients')).toBeNull();
  expect(refuseAdmin(rules, visitor({ headers: client, peer: REMOTE }), 'clients')?.code).toBe('admin_token_required');
  expect(refuseAdmin(rules, visitor({ headers: [...client, 'Origin', 'null'] }), 'clients')?.code).toBe(
    'origin_not_allowed',
  );
});

describe('behind a configured proxy', () => {
  const rules = guardRules({ trustedProxies: ['127.0.0.1'], allowedHosts: ['tightrope.example'] });
  const through = (forwarded: string[], extra: Given = {}) =>
    refuseAdmin(
      rules,
      visitor({ host: 'tightrope.example', ...extra, headers: [...forwarded, ...(extra.headers ?? [])] }),
    );

  test('a client elsewhere needs the token, whatever it claims itself', () => {
    expect(through(['X-Forwarded-For', `127.0.0.1, ${REMOTE}`])?.code).toBe('admin_token_required');
    expect(through(['X-Forwarded-For', '127.0.0.1', 'X-Forwarded-For', REMOTE])?.code).toBe('admin_token_required');
    expect(through(['X-Forwarded-For', REMOTE], { headers: GOOD })).toBeNull();
  });

  test('a client on this machine is let in', () => {
    expect(through(['X-Forwarded-For', '127.0.0.1'])).toBeNull();
  });

  test('its public https name is an origin of ours, also when it rewrites Host', () => {
    const page = ['X-Forwarded-For', '127.0.0.1', 'Origin', 'https://tightrope.example'];
    expect(through(page, { method: 'POST' })).toBeNull();
    expect(through(page, { method: 'POST', host: '127.0.0.1:2455' })).toBeNull();
    expect(through(['Origin', 'https://tightrope.example:8443'], { method: 'POST' })?.code).toBe('origin_not_allowed');
  });
});
