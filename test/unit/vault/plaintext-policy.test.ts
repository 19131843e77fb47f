import { tmpdir } from 'node:os';
import { randomBytes } from 'node:crypto';
import nacl from 'tweetnacl';
import { openVault, type Vault } from '../../../sidecar/vault/vault';
import { recordingLogger } from './recording-logger';

const KEY = Buffer.alloc(32, 1);

const vaultWith = (requireEncryptedAtRest: boolean | null, migratePlaintextOnRead: boolean): Promise<Vault> =>
  openVault({
    config: {
      keyHex: KEY.toString('hex'),
      keyFile: null,
      keyFilePassphrase: null,
      requireEncryptedAtRest,
      migratePlaintextOnRead,
    },
    dataDir: tmpdir(),
    sealedSample: [],
    logger: recordingLogger(),
  });

// The truth table of spec/data-security.md 5.6, rows with a key.
test.each([
  [null, true, { plain: 'token', migrated: true }],
  [true, true, { plain: 'token', migrated: true }],
  [false, true, { plain: 'token', migrated: true }],
  [false, false, { plain: 'token', migrated: false }],
])('plaintext with require=%s and migrate=%s is read', async (require, migrate, wanted) => {
  expect((await vaultWith(require, migrate)).open('token')).toEqual(wanted);
});

test.each([null, true])('plaintext with require=%s and migrate=false is refused by name', async (require) => {
  const vault = await vaultWith(require, false);
  expect(() => vault.open('token')).toThrow(/plaintext.*REQUIRE_ENCRYPTED_AT_REST/);
  expect(() => vault.open('my-secret')).not.toThrow(/my-secret/);
  expect(vault.strict).toBe(true);
});

test('sealed values are read whatever the policy', async () => {
  for (const require of [null, true, false]) {
    const vault = await vaultWith(require, false);
    expect(vault.open(vault.seal('token'))).toEqual({ plain: 'token', migrated: false });
  }
});

test('a damaged value is refused as damaged, not taken for plaintext', async () => {
  const vault = await vaultWith(false, true);
  expect(() => vault.open(`${vault.seal('token').slice(0, -4)}AAAA`)).toThrow('damaged');
});

test('values of the predecessor are to be sealed anew unless migration is off', async () => {
  const nonce = randomBytes(24);
  const payload = Buffer.concat([nonce, nacl.secretbox(Buffer.from('token'), nonce, KEY)]).toString('base64url');
  const stored = `tightrope-token:v1:${payload}`;
  expect((await vaultWith(null, true)).open(stored)).toEqual({ plain: 'token', migrated: true });
  expect((await vaultWith(null, false)).open(stored)).toEqual({ plain: 'token', migrated: false });
});
