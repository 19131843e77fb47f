/** Who may send proxied requests (design §5, §11): firewall, keys, this machine, and whose login counts as one of ours. */
import { createProxyDoor, type Admitted } from '../../../sidecar/admin/proxy-door';
import { looksLikeKey } from '../../../sidecar/keys/key-secret';
import { TightropeError } from '../../../sidecar/platform/errors';
import { guardRules, TOKEN } from './running-app';

interface Given {
  readonly method?: string;
  readonly host?: string;
  readonly peer?: string;
  readonly headers?: readonly string[];
}

const REMOTE = '203.0.113.9';
const KEY = 'sk-tr-good';
const SHOWING = 'sk-tr-showing';
const bearer = (token: string): string[] => ['Authorization', `Bearer ${token}`];

function enter(given: Given, keysRequired: boolean, allows: (address: string | null) => boolean): Admitted | string {
  const { method = 'POST', host = '127.0.0.1:2455', peer = '127.0.0.1', headers = [] } = given;
  const door = createProxyDoor({
    rules: guardRules(),
    firewall: { allows },
    keys: {
      looksLikeKey,
      identify: (secret) => {
        if (secret !== KEY && secret !== SHOWING) throw new TightropeError('invalid_api_key');
        return { id: secret, showsAccount: secret === SHOWING };
      },
    },
    keysRequired: () => keysRequired,
    isPoolToken: (presented) => presented === 'eyJ.pool',
  });
  const at = headers.indexOf('Origin');
  const origin = at === -1 ? undefined : headers[at + 1];
  try {
    return door.admit({ remoteAddress: peer, method, host, origin, rawHeaders: ['Host', host, ...headers] });
  } catch (thrown) {
    if (thrown instanceof TightropeError) return thrown.code;
    throw thrown;
  }
}

type Row = [name: string, given: Given, expected: string | Admitted];
const OPEN: Admitted = { apiKeyId: null, seesAccount: true };
const WITH_KEY: Admitted = { apiKeyId: KEY, seesAccount: true };

const EITHER_WAY: Row[] = [
  ['a rebinding Host', { host: 'evil.example' }, 'host_not_allowed'],
  ['a page of another site', { headers: ['Origin', 'https://evil.example'] }, 'origin_not_allowed'],
  ['a foreign form without Origin', { headers: ['Sec-Fetch-Site', 'cross-site'] }, 'origin_not_allowed'],
  ['nothing, from off the machine', { peer: REMOTE }, 'invalid_api_key'],
  ['the admin token from off the machine', { peer: REMOTE, headers: bearer(TOKEN) }, 'invalid_api_key'],
  ['a pool login from off the machine', { peer: REMOTE, headers: bearer('eyJ.pool') }, 'invalid_api_key'],
  ['loopback behind an unknown proxy', { headers: ['X-Forwarded-For', '10.0.0.1'] }, 'invalid_api_key'],
  ['a key of ours', { headers: bearer(KEY) }, WITH_KEY],
  ['a key in lower-case scheme', { headers: ['authorization', `bearer ${KEY}`] }, WITH_KEY],
  ['a key as x-api-key', { headers: ['X-Api-Key', KEY] }, WITH_KEY],
  ['the same key twice', { headers: [...bearer(KEY), 'x-api-key', KEY] }, WITH_KEY],
  ['a key beside a login', { headers: [...bearer('eyJ.any'), 'x-api-key', KEY] }, WITH_KEY],
  ['two keys', { headers: [...bearer(KEY), 'x-api-key', SHOWING] }, 'invalid_api_key'],
  ['a key that is not known', { headers: bearer('sk-tr-bad') }, 'invalid_api_key'],
  ['a key from off the machine', { peer: REMOTE, headers: bearer(KEY) }, { apiKeyId: KEY, seesAccount: false }],
  ['one that may see accounts', { peer: REMOTE, headers: bearer(SHOWING) }, { apiKeyId: SHOWING, seesAccount: true }],
];

test.each(EITHER_WAY)('%s', (_name, given, expected) => {
  expect(enter(given, false, () => true)).toEqual(expected);
  expect(enter(given, true, () => true)).toEqual(expected);
});

test.each<Row>([
  ['nothing', {}, OPEN],
  ['a ChatGPT login', { headers: bearer('eyJ.any') }, OPEN],
  ['what SDKs send when they must send something', { headers: bearer('dummy') }, OPEN],
])('while keys are not required, this machine enters with %s', (_name, given, expected) => {
  expect(enter(given, false, () => true)).toEqual(expected);
  expect(enter(given, true, () => true)).toBe('invalid_api_key');
});

test('where keys are required, the login of a pool account is as good', () => {
  expect(enter({ headers: bearer('eyJ.pool') }, true, () => true)).toEqual(OPEN);
});

test('the firewall looks at the client behind a trusted proxy, and comes before the key', () => {
  const forwarded = { peer: '10.9.9.9', headers: ['X-Forwarded-For', '198.51.100.7, 10.9.9.9', ...bearer(KEY)] };
  const asked: (string | null)[] = [];
  const refuse = (address: string | null): boolean => {
    asked.push(address);
    return false;
  };
  expect(enter({ peer: REMOTE, headers: bearer('sk-tr-bad') }, false, refuse)).toBe('ip_forbidden');
  expect(enter({ peer: '::ffff:127.0.0.1' }, false, refuse)).toBe('ip_forbidden');
  expect(enter(forwarded, false, refuse)).toBe('ip_forbidden');
  expect(asked).toEqual([REMOTE, '127.0.0.1', expect.any(String)]);
});
