import { problemLine } from '../../../sidecar/config/problem';
import { load, withoutFolder, type Layers } from './loading';

function warningsOf(layers: Layers): string[] {
  return load(layers).warnings.map(problemLine).map(withoutFolder);
}

describe('names that nothing reads', () => {
  it('are one warning each with the nearest known variable', () => {
    expect(warningsOf({ env: { TIGHTROPE_PROT: '1', TIGHTROPE_UPSTREAM_BASEURL: 'x', TIGHTROPE_FOO: '1' } })).toEqual([
      'TIGHTROPE_FOO is no known variable; it has no effect',
      'TIGHTROPE_PROT is no known variable (did you mean TIGHTROPE_PORT?); it has no effect',
      'TIGHTROPE_UPSTREAM_BASEURL is no known variable (did you mean TIGHTROPE_UPSTREAM_BASE_URL?); it has no effect',
    ]);
  });

  it('leave variables of other programs and empty ones alone', () => {
    expect(warningsOf({ env: { PATH: '/bin', TIGHT: '1', TIGHTROPE_NONSENSE: '' } })).toEqual([]);
  });

  it('tell why a variable of the original is not read any more', () => {
    expect(warningsOf({ env: { TIGHTROPE_SYNC_DEBUG: '1', TIGHTROPE_RUNTIME_URL: 'x' } })).toEqual([
      'TIGHTROPE_RUNTIME_URL belonged to the earlier desktop shell; it has no effect',
      'TIGHTROPE_SYNC_DEBUG belongs to cluster mode, which is not there yet; it has no effect',
    ]);
  });

  it('are one warning each for keys and tables of the file, with line and suggestion', () => {
    const toml = [
      'hots = "::1"',
      'server = { prot = 1 }',
      'colour = "red"',
      '[loging]',
      'level = "warn"',
      '[usage]',
      'log_level = "warn"',
      '[whatever.else]',
      'x = 1',
    ].join('\n');
    expect(warningsOf({ toml })).toEqual([
      'FILE:1:1: hots is no known key (did you mean host?); it has no effect',
      'FILE:2:12: server.prot is no known key (did you mean server.port?); it has no effect',
      'FILE:3:1: colour is no known key; it has no effect',
      'FILE:4:1: loging is no known table (did you mean logging?); it has no effect',
      'FILE:7:1: usage.log_level is no known key (did you mean log_level?); it has no effect',
      'FILE:8:1: whatever is no known table; it has no effect',
    ]);
  });

  it('tell that a section must be a table', () => {
    expect(warningsOf({ toml: '[[server]]\nport = 1\n' })).toEqual([
      'FILE:1:1: server must be a table, written [server]; it has no effect',
    ]);
  });

  it('do not mistake names of the language for settings', () => {
    expect(warningsOf({ toml: '__proto__ = 1\nconstructor = 2\n[server]\ntoString = 3\n' })).toEqual([
      'FILE:1:1: __proto__ is no known key; it has no effect',
      'FILE:2:1: constructor is no known key; it has no effect',
      'FILE:4:1: server.toString is no known key; it has no effect',
    ]);
  });
});
