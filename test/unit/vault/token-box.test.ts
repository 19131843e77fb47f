import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import nacl from 'tweetnacl';
import {
  createTokenBox,
  isSealed,
  keyIdOf,
  openV1,
  sealedUnderKeyId,
  type SealPurpose,
} from '../../../sidecar/vault/token-box';

const KEY = Buffer.alloc(32, 7);

test('opens whatever it sealed', () => {
  const box = createTokenBox(KEY, 'token');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
      expect(box.open(box.seal(plain))).toBe(plain);
    }),
  );
});

test('has the documented form and names its key', () => {
  const sealed = createTokenBox(KEY, 'token').seal('secret');
  expect(sealed).toMatch(/^tightrope-token:v2:[0-9a-f]{8}:[A-Za-z0-9_-]+$/);
  expect(sealedUnderKeyId(sealed)).toBe(keyIdOf(KEY));
  expect(sealedUnderKeyId(sealed.slice(0, 28))).toBe(keyIdOf(KEY));
  expect(createTokenBox(KEY, 'totp').seal('x')).toMatch(/^tightrope-secret:v2:totp:[0-9a-f]{8}:/);
});

test('never seals the same text the same way twice', () => {
  const box = createTokenBox(KEY, 'token');
  expect(box.seal('secret')).not.toBe(box.seal('secret'));
});

test('does not open a value of another key or another purpose', () => {
  const sealed = createTokenBox(KEY, 'token').seal('secret');
  expect(createTokenBox(randomBytes(32), 'token').open(sealed)).toBeNull();
  const purposes: SealPurpose[] = ['totp', 'cluster-secret'];
  for (const purpose of purposes) {
    const other = createTokenBox(KEY, purpose);
    expect(other.open(sealed)).toBeNull();
    const prefix = other.seal('').replace(/[A-Za-z0-9_-]+$/, '');
    expect(other.open(prefix + (sealed.split(':').at(-1) ?? ''))).toBeNull();
  }
});

test('does not open a value with any one character changed, cut or added', () => {
  const box = createTokenBox(KEY, 'token');
  const sealed = box.seal('secret');
  const start = sealed.lastIndexOf(':') + 1;
  fc.assert(
    fc.property(fc.integer({ min: start, max: sealed.length - 2 }), (at) => {
      const flipped = sealed[at] === 'A' ? 'B' : 'A';
      expect(box.open(sealed.slice(0, at) + flipped + sealed.slice(at + 1))).toBeNull();
      expect(box.open(sealed.slice(0, at))).toBeNull();
    }),
  );
  expect(box.open(`${sealed}!`)).toBeNull();
});

test('opens the form of the predecessor, which used the data key itself', () => {
  const nonce = randomBytes(24);
  const payload = Buffer.concat([nonce, nacl.secretbox(Buffer.from('old secret'), nonce, KEY)]);
  const stored = `tightrope-token:v1:${payload.toString('base64url')}`;
  expect(isSealed(stored)).toBe(true);
  expect(openV1(stored, KEY)).toBe('old secret');
  expect(openV1(stored, randomBytes(32))).toBeNull();
});

test('takes everything else for plaintext', () => {
  for (const text of ['', 'eyJhbGciOi', 'tightrope-token:v3:12345678:AAAA', 'tightrope-token:v2:XYZ:AAAA']) {
    expect(isSealed(text)).toBe(false);
  }
});

test('is of no use once wiped', () => {
  const box = createTokenBox(KEY, 'token');
  const sealed = box.seal('secret');
  box.wipe();
  expect(box.open(sealed)).toBeNull();
  expect(() => box.seal('secret')).toThrow('closed');
});
