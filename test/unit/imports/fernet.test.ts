import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { isFernet, openFernet, readFernetKey } from '../../../sidecar/imports/fernet';
import { readSourceToken } from '../../../sidecar/imports/source-token';
import { createTokenBox } from '../../../sidecar/vault/token-box';
import { fernet, sealedV1 } from '../../integration/imports/foreign-databases';

const KEY_TEXT = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const KEY = readFernetKey(KEY_TEXT) ?? Buffer.alloc(0);

test('what was sealed opens, with the right key only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
      const token = fernet(plain, KEY).toString();
      expect(isFernet(token)).toBe(true);
      expect(openFernet(token, KEY)).toEqual({ plain });
      expect(openFernet(token, randomBytes(32))).toEqual({ fault: expect.stringContaining('authentication failed') });
    }),
    { numRuns: 30 },
  );
});

test.each(['', 'AAEC', KEY_TEXT.slice(4), `${KEY_TEXT}!`])('%j is no key', (text) => {
  expect(readFernetKey(text)).toBeNull();
});

test('no damaged token opens', () => {
  const token = fernet('plain-text-token', KEY).toString();
  for (let at = 5; at < token.length - 2; at += 7) {
    const damaged = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    expect(openFernet(damaged, KEY)).toHaveProperty('fault');
  }
});

test('sealed tokens say what opens them', () => {
  const nothing = { encryptionKey: null, passphrase: null };
  const dataKey = randomBytes(32);
  const ours = createTokenBox(dataKey, 'token').seal('token');
  expect(readSourceToken(fernet('token', KEY).toString(), nothing)).toEqual({ kind: 'needs', what: 'encryption key' });
  expect(readSourceToken(sealedV1('token', 'p'), nothing)).toEqual({ kind: 'needs', what: 'passphrase' });
  expect(readSourceToken(ours, nothing)).toEqual({ kind: 'needs', what: 'encryption key' });
  const plain = { kind: 'plain', text: 'token' };
  expect(readSourceToken('token', nothing)).toEqual(plain);
  expect(readSourceToken(sealedV1('token', 'p'), { ...nothing, passphrase: 'p' })).toEqual(plain);
  expect(readSourceToken(ours, { ...nothing, encryptionKey: dataKey.toString('hex') })).toEqual(plain);
  expect(readSourceToken(sealedV1('token', 'p'), { ...nothing, passphrase: 'q' })).toMatchObject({ kind: 'fault' });
});
