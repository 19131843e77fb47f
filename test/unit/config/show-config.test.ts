import { describeConfig } from '../../../sidecar/config/describe';
import { load } from './loading';

describe('the configuration in force as rows', () => {
  const loaded = load({
    env: { TIGHTROPE_PORT: '8080', TIGHTROPE_ADMIN_TOKEN: 'a-token-of-some-length', TIGHTROPE_ALLOWED_HOSTS: 'a,b' },
    flags: { 'log-level': 'debug' },
  });
  const rows = new Map(describeConfig(loaded).map((row) => [row.path, row]));

  it('tell value, source and the name under which it was given', () => {
    expect(rows.get('server.port')).toEqual({
      path: 'server.port',
      value: '8080',
      source: 'environment',
      origin: 'TIGHTROPE_PORT',
    });
    expect(rows.get('logging.level')).toMatchObject({ value: 'debug', source: 'command line', origin: '--log-level' });
    expect(rows.get('drain.timeoutMs')).toMatchObject({ value: '30000', source: 'default', origin: '' });
    expect(rows.get('admin.allowedHosts')).toMatchObject({ value: 'a, b' });
    expect(rows.get('admin.trustedProxies')).toMatchObject({ value: 'none' });
  });

  it('tell of a secret only whether it is set', () => {
    expect(rows.get('admin.token')).toMatchObject({ value: 'set', source: 'environment' });
    expect(rows.get('vault.keyHex')).toMatchObject({ value: 'not set', source: 'default' });
  });

  it('cover every value of the Config', () => {
    const paths = Object.entries(loaded.config).flatMap(([section, values]) =>
      Object.keys(values).map((property) => `${section}.${property}`),
    );
    expect([...rows.keys()].sort()).toEqual(paths.sort());
  });
});
