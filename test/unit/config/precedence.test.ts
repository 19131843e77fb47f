import { load } from './loading';

describe('precedence of the layers', () => {
  const toml = '[server]\nhost = "10.0.0.1"\nport = 1001\n[logging]\nlevel = "warn"\n';
  const env = { TIGHTROPE_HOST: '10.0.0.2', TIGHTROPE_PORT: '1002' };

  it('is the built-in default when nobody says anything', () => {
    const { config, sources, warnings } = load({});
    expect(config.server).toEqual({ host: '127.0.0.1', port: 2455, connectAddress: null });
    expect(config.sticky).toEqual({ ttlMs: 1_800_000, cleanupIntervalMs: 60_000 });
    expect(new Set(sources.values())).toEqual(new Set(['default']));
    expect(warnings).toEqual([]);
  });

  it('is file over default, environment over file, command line over environment, each value on its own', () => {
    const { config, sources, origins, tomlFile } = load({ toml, env, flags: { port: '1003' } });
    expect(config.server).toMatchObject({ host: '10.0.0.2', port: 1003 });
    expect(config.logging.level).toBe('warn');
    expect(['server.port', 'server.host', 'logging.level', 'logging.format'].map((path) => sources.get(path))).toEqual([
      'command line',
      'environment',
      'file',
      'default',
    ]);
    expect(origins.get('server.port')).toBe('--port');
    expect(origins.get('server.host')).toBe('TIGHTROPE_HOST');
    expect(origins.get('logging.level')).toBe(`${tomlFile}:5`);
  });

  it('takes an empty variable for none', () => {
    expect(load({ toml, env: { TIGHTROPE_HOST: '' } }).config.server.host).toBe('10.0.0.1');
  });

  it('finds the file by TIGHTROPE_CONFIG_PATH, and by --config before that', () => {
    const first = load({ toml, env: { TIGHTROPE_CONFIG_PATH: '/does/not/exist.toml' } });
    expect(first.config.server.port).toBe(1001);
    expect(first.file).toBe(first.tomlFile);
  });

  it('lets a nested TOML key beat the flat one of the same meaning', () => {
    const { config, warnings } = load({
      toml: [
        'host = "10.9.9.9"\nport = "3000"\ndb_path = "/a.db"\nlog_level = "error"\nsticky_ttl_ms = 5',
        'sticky_cleanup_interval_ms = 6\n[server]\nhost = "10.0.0.1"\n[database]\npath = "/c.db"\ndb_path = "/b.db"',
        '[logging]\nlog_level = "debug"\nlevel = "warn"\n[proxy]\nsticky_cleanup_interval_ms = "4"\n',
      ].join('\n'),
    });
    expect(config.server).toMatchObject({ host: '10.0.0.1', port: 3000 });
    expect(config.database.path).toBe('/c.db');
    expect(config.logging.level).toBe('debug');
    expect(config.sticky).toEqual({ ttlMs: 5, cleanupIntervalMs: 4 });
    expect(warnings).toEqual([]);
  });

  it('accepts dotted keys and inline tables', () => {
    const { config } = load({ toml: 'server.port = 1\nlogging = { format = "json" }\n' });
    expect(config.server.port).toBe(1);
    expect(config.logging.format).toBe('json');
  });

  it('freezes all of it', () => {
    const { config } = load({ env: { TIGHTROPE_ALLOWED_HOSTS: 'a.example' } });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.values(config).every((section) => Object.isFrozen(section))).toBe(true);
    expect(Object.isFrozen(config.admin.allowedHosts)).toBe(true);
    expect(Object.isFrozen(load({}).config.admin.trustedProxies)).toBe(true);
  });
});
