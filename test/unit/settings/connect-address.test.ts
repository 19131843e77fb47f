import { connectAddress } from '../../../sidecar/settings/connect-address';

test.each([
  ['box.example:2455', 'box.example'],
  ['192.0.2.7', '192.0.2.7'],
  ['[2001:db8::7]:2455', '2001:db8::7'],
  ...['localhost:2455', '127.0.0.1:2455', '127.9.9.9', '[::1]:2455', '0.0.0.0', '', undefined].map(
    (host) => [host, '<tightrope-ip-or-dns>'] as const,
  ),
] as const)('opened under %j it is %s', (host, address) => {
  expect(connectAddress(null, host)).toBe(address);
});

test('what is configured is taken as it is', () => {
  expect(connectAddress('proxy.example:80', 'localhost')).toBe('proxy.example:80');
});
