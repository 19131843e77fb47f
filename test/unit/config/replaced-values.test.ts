import { load, withoutFolder } from './loading';

describe('a bad value that a stronger layer replaces', () => {
  it('is a warning, because nothing unsafe would start', () => {
    const { config, warnings } = load({ env: { TIGHTROPE_PORT: 'x' }, flags: { port: '8080' } });
    expect(config.server.port).toBe(8080);
    expect(warnings).toEqual([
      {
        message: 'TIGHTROPE_PORT must be a whole number from 0 to 65535; it is text; the value of --port counts',
        key: 'TIGHTROPE_PORT',
        source: 'environment',
      },
    ]);
  });

  it('is one also within the file, where the nested key is the stronger one', () => {
    const { config, warnings } = load({ toml: 'port = true\n[server]\nport = 8080\n' });
    expect(config.server.port).toBe(8080);
    expect(warnings.map(({ message }) => withoutFolder(message))).toEqual([
      'port must be a whole number from 0 to 65535; it is true or false; the value of FILE:3 counts',
    ]);
  });
});
