import { problemLine } from '../../../sidecar/config/problem';
import { load, withoutFolder, type Layers } from './loading';

function warningsOf(layers: Layers): string[] {
  return load(layers).warnings.map(problemLine).map(withoutFolder);
}

describe('a bad value that is not dangerous', () => {
  it('is one warning naming the variable, and the default stays', () => {
    expect(load({ env: { TIGHTROPE_STICKY_TTL_MS: '0' } }).config.sticky.ttlMs).toBe(1_800_000);
    expect(warningsOf({ env: { TIGHTROPE_STICKY_TTL_MS: '0' } })).toEqual([
      'TIGHTROPE_STICKY_TTL_MS must be a whole number from 1 to 2147483647; it is a number outside of that; the default stays',
    ]);
  });

  it('leaves the value of the layer below', () => {
    const layers = { toml: '[drain]\ntimeout_ms = 5000\n', env: { TIGHTROPE_DRAIN_TIMEOUT_MS: 'soon' } };
    expect(load(layers).config.drain.timeoutMs).toBe(5_000);
    expect(warningsOf(layers)).toEqual([
      'TIGHTROPE_DRAIN_TIMEOUT_MS must be a whole number from 0 to 2147483647; it is text; the value of FILE:2 counts',
    ]);
  });

  it('is told with file, line, column and key when it stands in the file', () => {
    const toml = '\n[logging]\nformat = "xml"\nmax_files = 0\n\n[upstream]\n"request_compression" = []\nnote.x = 1\n';
    expect(warningsOf({ toml })).toEqual([
      'FILE:3:1: logging.format must be one of text, json; it is text; the default stays',
      'FILE:4:1: logging.max_files must be a whole number from 1 to 100; it is a number outside of that; the default stays',
      'FILE:7:1: upstream.request_compression must be true or false (also 1, 0, yes, no, on, off); it is an array; the default stays',
      'FILE:8:1: upstream.note is no known key; it has no effect',
    ]);
  });

  it.each([
    ['1979-05-27T07:32:00Z', 'a date'],
    ['{ a = 1 }', 'a table'],
    ['1.5', 'a number outside of that'],
    ['""', 'empty text'],
  ])('calls %s by its kind', (value, kind) => {
    expect(warningsOf({ toml: `drain_timeout_ms = ${value}\n` })[0]).toContain(`; it is ${kind};`);
  });

  it('says what it did to a value that it could read in part', () => {
    expect(warningsOf({ env: { TIGHTROPE_USAGE_FETCH_TIMEOUT_MS: '15000ms' } })).toEqual([
      'TIGHTROPE_USAGE_FETCH_TIMEOUT_MS has text after the number, which is ignored',
    ]);
    expect(warningsOf({ env: { TIGHTROPE_UPSTREAM_BRIDGE_POLL_TIMEOUT_MS: '1' } })).toEqual([
      'TIGHTROPE_UPSTREAM_BRIDGE_POLL_TIMEOUT_MS is brought into its bounds and becomes 100',
    ]);
  });
});
