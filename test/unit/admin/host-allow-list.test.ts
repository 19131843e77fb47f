import { hostAllowList } from '../../../sidecar/admin/host-allow-list';

const accepts = (bind: string, extra: string[], host: string): boolean =>
  hostAllowList(bind, extra).accept(host) !== null;

test.each([
  ['127.0.0.1', [], '127.0.0.1:1', true],
  ['127.0.0.1', [], 'LOCALHOST:2455', true],
  ['127.0.0.1', [], '[::1]', true],
  ['127.0.0.1', [], '127.0.0.2', false],
  ['192.168.1.5', [], '192.168.1.5:2455', true],
  ['fd00::5', [], '[fd00:0::5]:2455', true],
  ['0.0.0.0', [], '0.0.0.0:2455', false],
  ['0.0.0.0', [], '192.168.1.5:2455', false],
  ['::', [], '[::]:2455', false],
  ['0.0.0.0', ['box.lan'], 'box.lan:99', true],
  ['0.0.0.0', ['Box.LAN:8443'], 'box.lan:8443', true],
  ['0.0.0.0', ['box.lan:8443'], 'box.lan', false],
  ['0.0.0.0', ['fd00::7'], '[fd00::7]:2455', true],
  ['0.0.0.0', ['*', 'not a host'], 'anything.example', false],
])('bound to %s with %j, Host %s: %s', (bind, extra, host, expected) => {
  expect(accepts(bind, extra, host)).toBe(expected);
});

describe('own origin', () => {
  const list = hostAllowList('127.0.0.1', ['tightrope.example', 'box.lan:8443']);
  const host = { host: 'localhost', port: 2455 };

  test.each([
    ['http://localhost:2455', true],
    ['https://localhost:2455', true],
    ['http://127.0.0.1:2455', false],
    ['http://localhost', false],
    ['https://tightrope.example', true],
    ['http://tightrope.example', true],
    ['http://tightrope.example:2455', false],
    ['https://box.lan:8443', true],
    ['https://box.lan', false],
    ['null', false],
    ['file://', false],
    ['http://localhost:2455/path', false],
    ['http://user@localhost:2455', false],
    ['http://localhost:2455.evil.example', false],
  ])('%s: %s', (origin, expected) => {
    expect(list.isOwnOrigin(origin, host)).toBe(expected);
  });

  test('a Host without port means the port of the origin scheme', () => {
    const bare = { host: 'localhost', port: null };
    expect(list.isOwnOrigin('https://localhost', bare)).toBe(true);
    expect(list.isOwnOrigin('http://localhost:443', bare)).toBe(false);
  });
});
