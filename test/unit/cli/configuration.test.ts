import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { standIn, type Parts, type StandIn } from './stand-in-program';

describe('the configuration of a command', () => {
  let tool: StandIn;
  const prepare = (parts: Parts = {}) => (tool = standIn(parts));
  afterEach(() => tool.remove());

  it('is printed by --show-config with the source of each value, and nothing is started', async () => {
    prepare({ env: { TIGHTROPE_ADMIN_TOKEN: 'a-very-secret-token-text' } });
    expect(await tool.run('--show-config', '--port', '8080')).toBe(0);
    const lines = tool.out.join('\n').split('\n');
    expect(lines.find((line) => line.startsWith('server.port '))).toMatch(/ 8080 +command line \(--port\)$/);
    expect(lines.find((line) => line.startsWith('server.host '))).toMatch(/ 127\.0\.0\.1 +default$/);
    expect(lines.find((line) => line.startsWith('admin.token '))).toMatch(
      / set +environment \(TIGHTROPE_ADMIN_TOKEN\)$/,
    );
    expect(tool.out.join()).not.toContain('secret');
  });

  it('ends the start with exit code 78 and every reason when it is invalid', async () => {
    prepare({ env: { TIGHTROPE_HOST: 'a b' } });
    expect(await tool.run('serve', '--port', 'x')).toBe(78);
    expect(tool.errors).toEqual([
      'tightrope: error: TIGHTROPE_HOST must be an IP address or a host name, without scheme and port; it is text',
      'tightrope: error: --port must be a whole number from 0 to 65535; it is text',
    ]);
  });

  it('ends every command so, with file and line', async () => {
    prepare();
    const file = path.join(tool.dataDirectory, 'config.toml');
    writeFileSync(file, 'a = 1\nport = = 2\n');
    expect(await tool.run('accounts', 'list', '--config', file)).toBe(78);
    expect(tool.errors).toEqual([`tightrope: error: ${file}:2:8: not valid TOML`]);
  });

  it('is warned about once, on stderr', async () => {
    prepare({ env: { TIGHTROPE_PROT: '1' } });
    expect(await tool.run('--show-config')).toBe(0);
    expect(tool.errors).toEqual([
      'tightrope: warning: TIGHTROPE_PROT is no known variable (did you mean TIGHTROPE_PORT?); it has no effect',
    ]);
  });
});
