import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenBox, keyIdOf } from '../../../sidecar/vault/token-box';
import { openVault, type VaultSettings } from '../../../sidecar/vault/vault';
import { recordingLogger } from './recording-logger';

const HEX = 'ab'.repeat(32);
const OTHER = Buffer.alloc(32, 9);
const UNSET: VaultSettings = {
  keyHex: null,
  keyFile: null,
  keyFilePassphrase: null,
  requireEncryptedAtRest: null,
  migratePlaintextOnRead: true,
};

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tightrope-vault-'));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

const open = (settings: Partial<VaultSettings>, sealedSample: string[] = [], logger = recordingLogger()) =>
  openVault({ config: { ...UNSET, ...settings }, dataDir, sealedSample, logger });

const refusal = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as unknown });

test('makes its own key file at the first start and finds it at the second', async () => {
  const first = await open({});
  const sealed = first.seal('secret');
  expect((await stat(join(dataDir, 'token-key'))).mode & 0o777).toBe(0o600);
  const second = await open({}, [sealed]);
  expect(second.keyId).toBe(first.keyId);
  expect(second.open(sealed)).toEqual({ plain: 'secret', migrated: false });
});

test('prefers the hex variable, then the key file, then its own', async () => {
  const keyFile = join(dataDir, 'mine');
  const own = await open({});
  const configured = await open({ keyFile, keyFilePassphrase: 'p' });
  const hex = await open({ keyHex: HEX, keyFile, keyFilePassphrase: 'p' });
  expect(hex.keyId).toBe(keyIdOf(Buffer.from(HEX, 'hex')));
  expect(new Set([own.keyId, configured.keyId, hex.keyId]).size).toBe(3);
  expect((await open({ keyFile, keyFilePassphrase: 'p' })).keyId).toBe(configured.keyId);
});

test('protects its own key file when a passphrase is configured', async () => {
  const { keyId } = await open({ keyFilePassphrase: 'p' });
  expect(await readFile(join(dataDir, 'token-key'), 'utf8')).toMatch(/^TRKF2\nscrypt:/);
  expect((await open({ keyFilePassphrase: 'p' })).keyId).toBe(keyId);
});

test.each(['zz'.repeat(32), 'ab', `${HEX}0`, ''])('refuses a bad hex key %# and touches nothing', async (keyHex) => {
  await expect(open({ keyHex })).rejects.toEqual(refusal('vault_unusable', /KEY_HEX must be exactly 64 hex digits/));
  if (keyHex !== '') await expect(open({ keyHex })).rejects.not.toEqual(refusal('vault_unusable', new RegExp(keyHex)));
  expect(await readdir(dataDir)).toEqual([]);
});

test('a missing configured key file is made only with a passphrase', async () => {
  const keyFile = join(dataDir, 'mine');
  await expect(open({ keyFile })).rejects.toEqual(refusal('vault_unusable', /does not exist.*PASSPHRASE is set/));
  expect(await readdir(dataDir)).toEqual([]);
  await open({ keyFile, keyFilePassphrase: 'p' });
  expect(await readdir(dataDir)).toEqual(['mine']);
});

test('a missing key file is never replaced while sealed tokens exist', async () => {
  const sealed = createTokenBox(OTHER, 'token').seal('secret');
  const wanted = refusal('vault_unusable', new RegExp(`sealed under key id ${keyIdOf(OTHER)}.*Nothing was changed`));
  await expect(open({}, [sealed])).rejects.toEqual(wanted);
  await expect(open({ keyFile: join(dataDir, 'mine'), keyFilePassphrase: 'p' }, [sealed])).rejects.toEqual(wanted);
  expect(await readdir(dataDir)).toEqual([]);
});

test('refuses a key that did not seal the tokens, naming the source and both key ids', async () => {
  const sealed = createTokenBox(OTHER, 'token').seal('secret').slice(0, 28);
  const given = keyIdOf(Buffer.from(HEX, 'hex'));
  const message = `KEY_HEX gave key id ${given}, .*sealed under key id ${keyIdOf(OTHER)}.*Nothing was changed`;
  await expect(open({ keyHex: HEX }, [sealed, 'plaintext'])).rejects.toEqual(
    refusal('vault_wrong_key', new RegExp(message)),
  );
});

test('opens when at least some tokens are sealed under its key', async () => {
  const key = Buffer.from(HEX, 'hex');
  const sample = [OTHER, key].map((dataKey) => createTokenBox(dataKey, 'token').seal('secret'));
  const vault = await open({ keyHex: HEX }, sample);
  const [foreign = ''] = sample;
  expect(() => vault.open(foreign)).toThrow(`sealed under key id ${keyIdOf(OTHER)}`);
});

test('warns about a key file that others may read, and about one that ignores the passphrase', async () => {
  await open({});
  await chmod(join(dataDir, 'token-key'), 0o644);
  const logger = recordingLogger();
  await open({ keyFilePassphrase: 'p' }, [], logger);
  const warnings = logger.lines.filter(({ level }) => level === 'warn').map(({ event }) => event);
  expect(warnings).toEqual(['vault_key_file_exposed', 'vault_key_file_unprotected']);
});

test('logs neither the key nor the passphrase', async () => {
  const logger = recordingLogger();
  await open({ keyHex: HEX }, [], logger);
  await open({ keyFile: join(dataDir, 'mine'), keyFilePassphrase: 'open sesame' }, [], logger);
  await open({}, [], logger);
  const [, , ownKey = ''] = (await readFile(join(dataDir, 'token-key'), 'utf8')).split('\n');
  const log = JSON.stringify(logger.lines);
  for (const secret of [HEX, 'sesame', ownKey]) expect(log).not.toContain(secret);
});

test('a broken configured file is no reason to fall through to another source', async () => {
  const keyFile = join(dataDir, 'mine');
  await writeFile(keyFile, 'rubbish');
  await expect(open({ keyFile, keyFilePassphrase: 'p' })).rejects.toEqual(refusal('vault_unusable', /mine is not a/));
  expect(await readdir(dataDir)).toEqual(['mine']);
});

test('is of no use once closed', async () => {
  const vault = await open({ keyHex: HEX });
  const sealed = vault.seal('secret');
  vault.close();
  expect(() => vault.open(sealed)).toThrow('are locked');
  expect(() => vault.seal('secret')).toThrow('are locked');
});
