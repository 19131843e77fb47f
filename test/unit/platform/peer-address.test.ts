import {
  addressSet,
  headerValues,
  isLoopback,
  normalizeAddress,
  parseHost,
  resolveClient,
} from '../../../sidecar/platform/peer-address';

describe('normalizeAddress', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    [' 10.1.2.3 ', '10.1.2.3'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8:0:0::5', '2001:db8::5'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::ffff:7f00:1', '127.0.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['010.1.1.1', null],
    ['1.2.3.4:80', null],
    ['localhost', null],
    ['', null],
    [undefined, null],
  ])('%s is %s', (given, expected) => {
    expect(normalizeAddress(given)).toBe(expected);
  });
});

test('loopback is 127.0.0.0/8 and ::1 and nothing else', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].map(isLoopback)).toEqual([true, true, true]);
  expect(['128.0.0.1', '10.0.0.1', '::2', 'fe80::1', null].map(isLoopback)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

describe('addressSet', () => {
  test('holds single addresses and networks of both families', () => {
    const set = addressSet(['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '2001:db8::1']);
    expect(
      ['10.200.0.1', '192.0.2.7', 'fd12::9', '2001:db8::1', '::ffff:10.0.0.1'].every((ip) => set.contains(ip)),
    ).toBe(true);
    expect(['11.0.0.1', '192.0.2.8', 'fe80::1', '2001:db8::2', 'nonsense'].some((ip) => set.contains(ip))).toBe(false);
  });

  test('names entries that it cannot read, and they match nothing', () => {
    const set = addressSet(['10.0.0.0/33', 'lan', '10.0.0.0/8/8', '1.2.3.4/', '::/129', '0.0.0.0/0']);
    expect(set.invalid).toEqual(['10.0.0.0/33', 'lan', '10.0.0.0/8/8', '1.2.3.4/', '::/129']);
    expect(set.size).toBe(1);
    expect(set.contains('::1')).toBe(false);
  });
});

test('headerValues keeps repeated headers apart and ignores case', () => {
  expect(headerValues(['X-A', '1', 'x-b', 'x-a', 'x-a', '2'], 'x-a')).toEqual(['1', '2']);
});

describe('resolveClient', () => {
  const proxies = addressSet(['127.0.0.1', '10.0.0.0/8']);
  const none = addressSet([]);
  const client = (remoteAddress: string | undefined, rawHeaders: string[], trusted = proxies) =>
    resolveClient({ remoteAddress, rawHeaders }, trusted);

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.8.8'])(
    '%s without forwarding headers is this machine',
    (peer) => {
      expect(client(peer, ['Host', 'localhost'], none).onThisMachine).toBe(true);
    },
  );

  test.each(['192.168.1.4', 'fe80::1', undefined])('peer %s is off the machine', (peer) => {
    expect(client(peer, [], none).onThisMachine).toBe(false);
  });

  test.each([
    'Forwarded',
    'X-Forwarded-For',
    'x-forwarded-host',
    'X-FORWARDED-PROTO',
    'X-Forwarded-Anything',
    'X-Real-IP',
    'X-Client-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
  ])('loopback with %s and no trusted proxy is off the machine', (name) => {
    expect(client('127.0.0.1', [name, '127.0.0.1'], none)).toEqual({ address: '127.0.0.1', onThisMachine: false });
    expect(client('127.0.0.1', [name, ''], none).onThisMachine).toBe(false);
  });

  test('a header whose value only looks like a forwarding name changes nothing', () => {
    expect(client('127.0.0.1', ['x-note', 'x-forwarded-for'], none).onThisMachine).toBe(true);
  });

  test('behind a trusted proxy the right-most untrusted hop is the client', () => {
    expect(client('127.0.0.1', ['X-Forwarded-For', '127.0.0.1, 203.0.113.7'])).toEqual({
      address: '203.0.113.7',
      onThisMachine: false,
    });
    expect(client('10.0.0.9', ['X-Forwarded-For', '198.51.100.1, 203.0.113.7, 10.2.2.2']).address).toBe('203.0.113.7');
  });

  test('repeated X-Forwarded-For headers are one list in the order received', () => {
    const answer = client('127.0.0.1', ['x-forwarded-for', '127.0.0.1', 'X-Forwarded-For', '203.0.113.7']);
    expect(answer).toEqual({ address: '203.0.113.7', onThisMachine: false });
  });

  test('only trusted hops: the left-most is the client', () => {
    expect(client('10.0.0.9', ['x-forwarded-for', '10.3.3.3, 10.2.2.2']).address).toBe('10.3.3.3');
    expect(client('127.0.0.1', ['x-forwarded-for', '127.0.0.1']).onThisMachine).toBe(true);
  });

  test.each(['', 'unknown', '127.0.0.1,', '127.0.0.1, _hidden', '127.0.0.1:4000'])(
    'an unreadable hop (%p) makes the client unknown and off the machine',
    (value) => {
      expect(client('127.0.0.1', ['x-forwarded-for', value])).toEqual({ address: null, onThisMachine: false });
    },
  );

  test('other forwarding headers of a trusted proxy do not name the client', () => {
    expect(client('127.0.0.1', ['forwarded', 'for=127.0.0.1']).onThisMachine).toBe(false);
    expect(client('127.0.0.1', ['x-real-ip', '127.0.0.1']).onThisMachine).toBe(false);
  });
});

describe('parseHost', () => {
  test.each([
    ['localhost', { host: 'localhost', port: null }],
    ['LocalHost:2455', { host: 'localhost', port: 2455 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['[0:0::1]', { host: '::1', port: null }],
    ['tightrope.example', { host: 'tightrope.example', port: null }],
  ])('reads %s', (text, expected) => {
    expect(parseHost(text)).toEqual(expected);
  });

  test.each([
    '',
    'a b',
    'user@localhost',
    'localhost/x',
    'localhost:',
    'localhost:99999',
    '::1',
    '[nonsense]',
    undefined,
  ])('refuses %s', (text) => {
    expect(parseHost(text)).toBeNull();
  });
});
