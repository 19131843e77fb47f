import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyFile, readKeyFile } from '../../../sidecar/vault/key-file';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tightrope-key-file-'));
  path = join(folder, 'sub', 'token-key');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const refusal = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'vault_unusable', message: expect.stringMatching(message) as unknown });

test('is made with owner-only access and read back, with its folder', async () => {
  const dataKey = await createKeyFile(path, null);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'sub'))).toEqual(['token-key']);
  expect(await readKeyFile(path, null)).toEqual({ dataKey, protected: false, exposed: false });
});

test('with a passphrase holds five lines and not the key', async () => {
  const dataKey = await createKeyFile(path, 'correct horse');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines.slice(0, 2)).toEqual(['TRKF2', 'scrypt:15:8:1']);
  expect(lines.slice(2).map((line) => line.length)).toEqual([64, 48, 96]);
  expect(lines.join()).not.toContain(dataKey.toString('hex'));
  expect(await readKeyFile(path, 'correct horse')).toEqual({ dataKey, protected: true, exposed: false });
});

test('takes a passphrase however its letters are composed', async () => {
  await createKeyFile(path, 'caf\u00e9');
  await expect(readKeyFile(path, 'cafe\u0301')).resolves.toMatchObject({ protected: true });
});

test('is not there when it does not exist', async () => {
  expect(await readKeyFile(join(folder, 'none'), null)).toBeNull();
});

test('says that the passphrase is wrong or missing, without showing it', async () => {
  await createKeyFile(path, 'correct horse');
  await expect(readKeyFile(path, 'wrong horse')).rejects.toMatchObject({ code: 'vault_wrong_passphrase' });
  await expect(readKeyFile(path, 'wrong horse')).rejects.not.toEqual(refusal(/horse/));
  await expect(readKeyFile(path, null)).rejects.toEqual(refusal(/needs a passphrase/));
});

test('says when others may read it', async () => {
  await createKeyFile(path, null);
  await chmod(path, 0o640);
  await expect(readKeyFile(path, null)).resolves.toMatchObject({ exposed: true });
});

test.each([
  ['TRKF1\n00\n00\n00\n', /TRKF1.*re-create/],
  ['hello', /not a Tightrope key file/],
  ['x'.repeat(5000), /not a Tightrope key file/],
  ['TRKF2\nnone\nabcd\n', /key is not 64 hex digits/],
  ['TRKF2\n', /neither "none" nor scrypt/],
  [`TRKF2\nscrypt:30:8:1\n${'0'.repeat(64)}\n${'0'.repeat(48)}\n${'0'.repeat(96)}\n`, /scrypt costs/],
  [`TRKF2\nscrypt:15:8:1\n00\n${'0'.repeat(48)}\n${'0'.repeat(96)}\n`, /salt is not 64/],
])('refuses a file of another shape: %#', async (text, message) => {
  path = join(folder, 'token-key');
  await writeFile(path, text);
  await expect(readKeyFile(path, 'p')).rejects.toEqual(refusal(message));
});

test('refuses a folder and a place that cannot be written', async () => {
  await expect(readKeyFile(folder, null)).rejects.toEqual(refusal(/could not be read|not a Tightrope key file/));
  await writeFile(join(folder, 'sub'), 'a file where a folder should be');
  await expect(createKeyFile(path, null)).rejects.toEqual(refusal(/could not be written \((ENOTDIR|EEXIST)\)/));
});
