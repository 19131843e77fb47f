import { ConfigError } from '../../../sidecar/config/problem';
import { load, refusalOf } from './loading';

describe('a configuration file that was asked for', () => {
  it.each([
    ['port = = 1\n', 'FILE:1:8: not valid TOML'],
    ['a = 1\nname = "never closed\n', 'FILE:2:21: not valid TOML'],
    ['port = 1\n\nport = 2\n', 'FILE:3:1: not valid TOML (a key or table is defined twice)'],
    ['[server]\n[server]\n', 'FILE:2:1: not valid TOML (a key or table is defined twice)'],
    ['when = 2020-13-45\n', 'FILE:1:8: not valid TOML (a number, date or escape is out of range)'],
  ])('is refused with line and column when it is no TOML: %j', (toml, message) => {
    expect(refusalOf({ toml })).toEqual([message]);
  });

  it('is refused without quoting what stands there', () => {
    expect(refusalOf({ toml: 'admin_token = Zq9-secret-text\n' }).join()).not.toMatch(/Zq9|secret|Z/);
  });

  it.each([
    ['does/not/exist.toml', '/work-folder/does/not/exist.toml', 'does not exist'],
    ['/', '/', 'is a folder'],
  ])('is refused when %s cannot be used', (config, file, problem) => {
    const message = (askedBy: string) => `${file}: the configuration file named by ${askedBy} ${problem}`;
    expect(refusalOf({ flags: { config } })).toEqual([message('--config')]);
    expect(refusalOf({ env: { TIGHTROPE_CONFIG_PATH: config } })).toEqual([message('TIGHTROPE_CONFIG_PATH')]);
  });

  it('is refused when it is not text or far too large', () => {
    expect(refusalOf({ toml: Buffer.from([0x61, 0xff, 0x0a]) })).toEqual([
      'FILE: the configuration file named by --config is not UTF-8 text',
    ]);
    expect(refusalOf({ toml: '#'.repeat(300_000) })[0]).toMatch(/more than 262144 bytes/);
  });

  it('carries the place of each refusal as facts', () => {
    const failure = (): unknown => {
      try {
        return load({ toml: 'x = 1\n\nport = 99999\n' });
      } catch (error) {
        return error;
      }
    };
    const error = failure();
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      code: 'config_invalid',
      problems: [{ line: 3, column: 1, key: 'port', source: 'file' }],
    });
  });

  it('may begin with a byte-order mark and end its lines as Windows does', () => {
    const { config, warnings } = load({ toml: '\ufeffport = 77\r\n[server]\r\nhots = 1\r\n' });
    expect(config.server.port).toBe(77);
    expect(warnings).toMatchObject([{ line: 3, column: 1, key: 'server.hots' }]);
  });
});
