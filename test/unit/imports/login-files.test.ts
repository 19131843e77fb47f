import fc from 'fast-check';
import { zipSync } from 'fflate';
import { findLogins, foreignKind } from '../../../sidecar/imports/login-files';

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const one = { tokens: { access_token: 'a' } };

test.each([
  ['an object', one, [one]],
  ['an array', [one, 7], [one, 7]],
  ['a list of codex-lb', { version: 1, accounts: [one] }, [one]],
  ['one a line', `${JSON.stringify(one)}\r\n${JSON.stringify(one)}\n`, [one, one]],
  ['with a byte order mark', `\ufeff${JSON.stringify(one)}`, [one]],
])('%s', (_name, content, wanted) => {
  const found = findLogins('f.json', bytes(content));
  expect(found.logins.map(({ authJson }) => authJson)).toEqual(wanted);
  expect(found.unreadable).toEqual([]);
});

test('an archive gives its JSON files, and says what it left out', () => {
  const zip = zipSync({
    'a/one.json': bytes(one),
    'broken.json': bytes('{'),
    'notes.txt': bytes('x'),
    'nested.json': zipSync({ 'x.json': bytes(one) }),
    '__MACOSX/._one.json': bytes('junk'),
  });
  const { logins, unreadable } = findLogins('logins.zip', zip);
  expect(logins).toEqual([{ file: 'logins.zip/a/one.json', index: 0, authJson: one }]);
  expect(unreadable.map(({ file }) => file).sort()).toEqual(['logins.zip/broken.json', 'logins.zip/nested.json']);
});

/** The archive with another size claimed for each of its entries (APPNOTE 4.3.12: uncompressed size at offset 24). */
function claiming(archive: Uint8Array, bytesEach: number): Uint8Array {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  for (let at = 0; at < archive.length - 4; at += 1) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, bytesEach, true);
  }
  return archive;
}

test('an archive that unpacks to too much is refused before it is unpacked', () => {
  const names = Array.from({ length: 10 }, (_, index) => `${index}.json`);
  const bomb = zipSync(Object.fromEntries(names.map((name) => [name, bytes(one)])));
  expect(() => findLogins('bomb.zip', claiming(bomb, 7 * 1024 * 1024))).toThrow(
    expect.objectContaining({ code: 'payload_too_large' }),
  );
  const huge = findLogins('huge.zip', claiming(zipSync({ 'a.json': bytes(one) }), 9 * 1024 * 1024));
  expect(huge).toMatchObject({ logins: [], unreadable: [{ file: 'huge.zip/a.json' }] });
});

test('an entry that claims less than it holds is cut, not trusted', () => {
  const padded = `${' '.repeat(100_000)}${JSON.stringify(one)}`;
  expect(findLogins('lie.zip', claiming(zipSync({ 'a.json': bytes(padded) }), 10)).logins).toEqual([]);
});

test('no bytes make it throw anything but its own refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (random, zip) => {
      const content = zip ? Buffer.concat([Buffer.from('PK\u0003\u0004'), random]) : random;
      const { logins, unreadable } = findLogins('f', content);
      expect(logins.length + unreadable.length).toBeGreaterThan(0);
    }),
  );
});

test.each([
  [{ type: 'codex' }, null],
  [{}, null],
  ['text', null],
  [{ type: 'gemini<b>' }, 'It is a login of geminib, not of ChatGPT.'],
])('%j', (authJson, said) => {
  expect(foreignKind(authJson)).toBe(said);
});
