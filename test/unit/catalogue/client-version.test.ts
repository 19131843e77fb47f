import { CLIENT_VERSION_FLOOR, ClientVersions, isNewer } from '../../../sidecar/catalogue/client-version';

test('the floor is no older than the client this build was tried with', () => {
  expect(isNewer('0.169.0', CLIENT_VERSION_FLOOR)).toBe(false);
});

test('versions compare by number, not by text', () => {
  expect(isNewer('0.170.0', '0.169.9')).toBe(true);
  expect(isNewer('0.99.0', '0.169.0')).toBe(false);
  expect(isNewer('0.169.10', '0.169.9')).toBe(true);
  expect(isNewer('1.0.0', '0.999.999')).toBe(true);
  expect(isNewer('0.169.0', '0.169.0')).toBe(false);
});

test('highest seen, else configured, else the floor', () => {
  expect(new ClientVersions(null).current()).toBe(CLIENT_VERSION_FLOOR);
  const versions = new ClientVersions('0.150.0');
  expect(versions.current()).toBe('0.150.0');
  versions.noteUserAgent('codex_exec/0.140.2 (Debian 12.0.0; x86_64) unknown');
  expect(versions.current()).toBe('0.140.2');
  versions.noteUserAgent('codex_cli_rs/0.171.0-alpha.3 (Mac OS 15; arm64) iTerm');
  versions.noteUserAgent('codex_vscode/0.160.0 (Windows 10.0.26200; x86_64) unknown');
  expect(versions.current()).toBe('0.171.0');
});

test.each([
  'Codex Desktop/0.172.0 (Windows 10.0.26200; x86_64) unknown (Codex Desktop; 26.1)',
  'codex-tui/0.172.0',
  'codex_sdk_ts/0.172.0',
])('%s is a native client', (userAgent) => {
  const versions = new ClientVersions(null);
  versions.noteUserAgent(userAgent);
  expect(versions.current()).toBe('0.172.0');
});

test.each([
  undefined,
  '',
  'curl/8.1.0',
  'OpenAI/JS 7.57.0',
  'my-codex_exec/9.9.9',
  'codex_exec/latest',
  'codex_exec/0.99999999.0',
])('%s says nothing', (userAgent) => {
  const versions = new ClientVersions(null);
  versions.noteUserAgent(userAgent);
  expect(versions.current()).toBe(CLIENT_VERSION_FLOOR);
});

test('a version in the query counts when it can be one of a Codex client', () => {
  const versions = new ClientVersions(null);
  for (const text of [undefined, '', '1.0.0', 'abc', '0.170', '0.170.0; x']) versions.noteQuery(text);
  expect(versions.current()).toBe(CLIENT_VERSION_FLOOR);
  versions.noteQuery('0.175.1');
  expect(versions.current()).toBe('0.175.1');
});
