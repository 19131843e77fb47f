import fc from 'fast-check';
import { describeConfig } from '../../../sidecar/config/describe';
import { ConfigError, problemLine } from '../../../sidecar/config/problem';
import { load, type Layers } from './loading';

const SECRET_VARIABLES = [
  'TIGHTROPE_ADMIN_TOKEN',
  'TIGHTROPE_TOKEN_ENCRYPTION_KEY_HEX',
  'TIGHTROPE_TOKEN_ENCRYPTION_KEY_FILE_PASSPHRASE',
];
const SECRET_KEYS = ['admin_token', 'token_encryption_key_hex', 'vault.key_file_passphrase'];

/** Everything that a load shows to a person. */
function shownBy(layers: Layers): string {
  try {
    const loaded = load(layers);
    return JSON.stringify([describeConfig(loaded), loaded.warnings.map(problemLine), loaded.warnings]);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return JSON.stringify([error.message, error.problems, error.details]);
  }
}

/** Marked so that it cannot occur in a message by chance. */
const secret = fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => `Sq7#${text}`);
const hexSecret = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: 64, maxLength: 64 });

describe('secrets', () => {
  it('never appear when they are variables, good or bad', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SECRET_VARIABLES), fc.oneof(secret, hexSecret), (name, value) => {
        expect(shownBy({ env: { [name]: value } })).not.toContain(value.slice(0, 20));
      }),
    );
  });

  it('never appear when they stand in the file, in the right kind or not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SECRET_KEYS),
        fc.oneof(secret, hexSecret),
        fc.constantFrom('text', 'list', 'bare'),
        (key, value, form) => {
          const quoted = JSON.stringify(value);
          const written = { text: quoted, list: `[${quoted}]`, bare: value }[form];
          expect(shownBy({ toml: `${key} = ${written}\n` })).not.toContain(value.slice(0, 20));
        },
      ),
    );
  });

  it('never appear when they were put into some other setting by mistake', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('TIGHTROPE_PORT', 'TIGHTROPE_UPSTREAM_TIMEOUT_MS', 'TIGHTROPE_NAME'),
        secret,
        (name, value) => {
          expect(shownBy({ env: { [name]: value } })).not.toContain('Sq7#');
        },
      ),
    );
  });

  it('never appear when they are the password of a proxy', () => {
    const shown = shownBy({
      env: { HTTPS_PROXY: 'http://user:Sq7pass@proxy:3128', HTTP_PROXY: 'user:Sq7pass@proxy:1' },
    });
    expect(shown).toContain('http://***@proxy:3128');
    expect(shown).toContain('http://***@proxy:1');
    expect(shown).not.toMatch(/Sq7|user/);
  });
});
