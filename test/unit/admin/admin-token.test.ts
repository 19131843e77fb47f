import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminTokenFile, loadAdminToken } from '../../../sidecar/admin/admin-token';
import { recordingLogger } from './recording-logger';

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'admin-token-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

const load = (configured: string | null = null, logger = recordingLogger()) =>
  loadAdminToken({ configured, dataDir, logger });
const modeOf = async (): Promise<number> => (await stat(adminTokenFile(dataDir))).mode & 0o777;

test('the first start makes a private file with 32 random bytes', async () => {
  const token = await load();
  const text = (await readFile(adminTokenFile(dataDir), 'utf8')).trim();
  expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await modeOf()).toBe(0o600);
  expect(token.source).toBe('file');
  expect(token.matches(text)).toBe(true);
});

test('later starts keep it', async () => {
  await load();
  const text = (await readFile(adminTokenFile(dataDir), 'utf8')).trim();
  expect((await load()).matches(text)).toBe(true);
  expect((await readFile(adminTokenFile(dataDir), 'utf8')).trim()).toBe(text);
});

test('other tokens, parts of it and nothing do not match', async () => {
  const token = await load('a-configured-token-of-length');
  expect(
    ['', 'a', 'a-configured-token-of-lengt', 'a-configured-token-of-length '].some((text) => token.matches(text)),
  ).toBe(false);
});

test('the configured token wins and makes no file', async () => {
  const token = await load(' a-configured-token-of-length ');
  expect(token.source).toBe('configured');
  expect(token.matches('a-configured-token-of-length')).toBe(true);
  await expect(stat(adminTokenFile(dataDir))).rejects.toThrow('ENOENT');
});

test('a blank configured token counts as none', async () => {
  expect((await load('  ')).source).toBe('file');
});

test('a short configured token is warned about without being told', async () => {
  const logger = recordingLogger();
  expect((await load('short', logger)).matches('short')).toBe(true);
  expect(logger.lines.map((line) => line.event)).toEqual(['admin_token_short']);
  expect(JSON.stringify(logger.lines)).not.toContain('"short"');
});

test('too open permissions are closed with a warning', async () => {
  await load();
  await chmod(adminTokenFile(dataDir), 0o644);
  const logger = recordingLogger();
  await load(null, logger);
  expect(await modeOf()).toBe(0o600);
  expect(logger.lines[0]).toMatchObject({
    level: 'warn',
    event: 'admin_token_permissions_closed',
    facts: { mode: '644' },
  });
});

test('a file without a usable token is replaced with a warning', async () => {
  await writeFile(adminTokenFile(dataDir), '\n', { mode: 0o600 });
  const logger = recordingLogger();
  const token = await load(null, logger);
  expect(logger.lines[0]?.event).toBe('admin_token_replaced');
  expect(token.matches('')).toBe(false);
  expect(token.matches((await readFile(adminTokenFile(dataDir), 'utf8')).trim())).toBe(true);
});

test('an unreadable file stops the start', async () => {
  await rm(dataDir, { recursive: true });
  await writeFile(dataDir, 'a file where the folder should be');
  await expect(load()).rejects.toThrow('ENOTDIR');
});
