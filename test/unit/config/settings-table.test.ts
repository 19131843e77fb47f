import { SETTINGS } from '../../../sidecar/config/config';
import { FORMATS } from '../../../sidecar/config/formats';
import { ruleText } from '../../../sidecar/config/rule-text';

const repeated = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index);

describe('the table of settings', () => {
  it('gives every variable, TOML key and option to one setting only', () => {
    expect(repeated(SETTINGS.flatMap(({ setting }) => setting.env))).toEqual([]);
    expect(repeated(SETTINGS.flatMap(({ tomlKeys }) => tomlKeys))).toEqual([]);
    expect(repeated(SETTINGS.flatMap(({ setting }) => setting.flag ?? []))).toEqual([]);
  });

  it('names every variable with the prefix, but for those that other programs share', () => {
    const foreign = SETTINGS.flatMap(({ setting }) => setting.env).filter((name) => !name.startsWith('TIGHTROPE_'));
    expect(foreign.map((name) => name.toLowerCase())).toEqual([
      ...['https_proxy', 'https_proxy', 'http_proxy', 'http_proxy', 'no_proxy', 'no_proxy', 'codex_home'],
    ]);
  });

  it('has words for the rule of every setting', () => {
    for (const { schema, setting } of SETTINGS) {
      expect(ruleText(schema, setting)).toMatch(
        /^(?:an?|one|exactly|at least|true|text|entries|host names|visible|the) \w/,
      );
      expect(ruleText(schema, setting)).not.toMatch(/undefined|\[object|NaN|^one of $/);
    }
  });

  it('uses every format', () => {
    const used = JSON.stringify(SETTINGS.map(({ schema }) => schema));
    expect(Object.keys(FORMATS).filter((name) => !used.includes(`"format":"${name}"`))).toEqual([]);
  });
});
