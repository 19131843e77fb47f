/** Only the intended lines change, whatever the file looks like. */
import fc from 'fast-check';
import { parse } from 'toml';
import { bypassingProfiles, editConfig, issuesOf, readConfig } from '../../../sidecar/codex-setup/config-edit';
import { wantedConfig } from '../../../sidecar/codex-setup/wanted-config';
import { HARD_CONFIGS } from './hard-configs';

const WANTED = wantedConfig('http://127.0.0.1:2455/backend-api/codex', { envKey: null });
const KEYS = WANTED.map(({ path }) => path.at(-1) ?? '');

/** Lines that mention none of our keys. */
const otherLines = (text: string): string[] =>
  text.split(/\r?\n/).filter((line) => line.trim() !== '' && !KEYS.some((key) => line.includes(key)));

describe.each(HARD_CONFIGS)('$name', ({ text }) => {
  const edited = editConfig(text, WANTED);

  test('every value is as wanted, and a second edit changes nothing', () => {
    expect(issuesOf(readConfig(edited), WANTED)).toEqual([]);
    expect(editConfig(edited, WANTED)).toBe(edited);
  });

  test('every other line stays as it is, in its order', () => {
    const kept = otherLines(edited).filter((line) => otherLines(text).includes(line));
    expect(kept).toEqual(otherLines(text));
  });

  test('line ends stay of one kind', () => {
    if (text.includes('\r\n')) expect(edited.replaceAll('\r\n', '')).not.toContain('\n');
    else expect(edited).not.toContain('\r');
  });
});

test('comments behind changed values stay', () => {
  expect(editConfig('model_provider = "other" # mine\n', WANTED)).toMatch(/^model_provider = "tightrope" # mine\n/);
});

test('with an API key Codex is told the variable, not asked for a login', () => {
  const wanted = wantedConfig('http://127.0.0.1:1/backend-api/codex', { envKey: 'TIGHTROPE_KEY' });
  expect(parse(editConfig('', wanted))).toMatchObject({ model_providers: { tightrope: { env_key: 'TIGHTROPE_KEY' } } });
});

test('profiles that go past Tightrope are named', () => {
  const document = readConfig(
    '[profiles.a]\nmodel_provider = "x"\n[profiles.b]\nmodel_provider = "tightrope"\n[profiles.c]\n',
  );
  expect(bypassingProfiles(document)).toEqual(['a']);
});

test.each([
  ['broken TOML, with its place', 'model = \nx = 1\n', /line 1/],
  ['a value where our table must be', 'model_providers = "none"\n', /cannot be changed safely/],
  ['an array of tables where our table must be', '[[model_providers]]\nname = "x"\n', /cannot be changed safely/],
])('%s is refused', (_name, text, words) => {
  expect(() => editConfig(text, WANTED)).toThrow(
    expect.objectContaining({ code: 'codex_config_invalid', message: expect.stringMatching(words) as string }),
  );
});

test('any document made of odd pieces is edited rightly or refused', () => {
  const piece = fc.constantFrom(...HARD_CONFIGS.map(({ text }) => text).filter((text) => !text.includes('\r')));
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), (pieces) => {
      const text = pieces.map((one) => (one === '' || one.endsWith('\n') ? one : `${one}\n`)).join('');
      try {
        readConfig(text);
      } catch {
        return; // Two pieces may define the same table.
      }
      try {
        expect(issuesOf(readConfig(editConfig(text, WANTED)), WANTED)).toEqual([]);
      } catch (thrown) {
        // A table that is half dotted keys and half a header has no place for more.
        expect(thrown).toMatchObject({ code: 'codex_config_invalid' });
      }
    }),
  );
});
