/** One spelling for every address and network (spec/data-security.md 9.1). */
import { canonicalNetwork } from '../../../sidecar/firewall/network';

test.each([
  [' 192.0.2.7 ', '192.0.2.7'],
  ['192.0.2.7/32', '192.0.2.7'],
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['203.0.113.130/25', '203.0.113.128/25'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.255.255.255/1', '128.0.0.0/1'],
  ['2001:0DB8:0000::FF00:0042:8329', '2001:db8::ff00:42:8329'],
  ['2001:db8:ffff::1/32', '2001:db8::/32'],
  ['2001:db8::1/128', '2001:db8::1'],
  ['::1', '::1'],
  ['::/0', '::/0'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
  ['64:ff9b::192.0.2.7/96', '64:ff9b::/96'],
])('%s is %s', (given, canonical) => {
  expect(canonicalNetwork(given)).toBe(canonical);
  expect(canonicalNetwork(canonical)).toBe(canonical);
});

test.each([
  '',
  'localhost',
  '10.0.0.0/33',
  '::1/129',
  '10.0.0.0/8/8',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/08x',
  '10.0.0',
  '::ffff:10.0.0.0/8',
  'fe80::1%eth0',
])('%j is none', (given) => {
  expect(canonicalNetwork(given)).toBeNull();
});
