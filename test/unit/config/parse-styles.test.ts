import { load } from './loading';

/** The value at a path after a load with one variable, and how many warnings it took. */
function read(name: string, value: string, path: string): unknown {
  const { config, warnings } = load({ env: { [name]: value } });
  const [section = '', property = ''] = path.split('.');
  const sections: Readonly<Record<string, Readonly<Record<string, unknown>>>> = config;
  return { value: sections[section]?.[property], warned: warnings.length };
}

const taken = (value: unknown) => ({ value, warned: 0 });
const noted = (value: unknown) => ({ value, warned: 1 });

describe('parse styles of variables', () => {
  it.each([
    ['120', taken(120)],
    ['0', noted(1_800_000)],
    ['-5', noted(1_800_000)],
    [' 120', noted(1_800_000)],
    ['120ms', noted(1_800_000)],
    ['1e3', noted(1_800_000)],
    ['2147483648', noted(1_800_000)],
    ['99999999999999999999', noted(1_800_000)],
  ])('I+ reads %j only as a whole decimal integer above 0', (given, expected) => {
    // A cleanup that is rarer than the lifetime is a warning of its own.
    const { config, warnings } = load({
      env: { TIGHTROPE_STICKY_TTL_MS: given, TIGHTROPE_STICKY_CLEANUP_INTERVAL_MS: '1' },
    });
    expect({ value: config.sticky.ttlMs, warned: warnings.length }).toEqual(expected);
  });

  it.each([
    ['15000', taken(15_000)],
    [' 15000', taken(15_000)],
    ['+15000', taken(15_000)],
    ['15000abc', noted(15_000)],
    ['15000.9', noted(15_000)],
    ['abc', noted(120_000)],
    ['0', noted(120_000)],
    ['-15', noted(120_000)],
  ])('L+ reads the leading digits of %j', (given, expected) => {
    expect(read('TIGHTROPE_UPSTREAM_TIMEOUT_MS', given, 'upstream.timeoutMs')).toEqual(expected);
  });

  it.each([
    ['2', taken(2_000)],
    ['0.25', taken(250)],
    ['.5', taken(500)],
    ['1e1', taken(10_000)],
    ['3s', noted(3_000)],
    ['0', noted(30_000)],
    ['-1', noted(30_000)],
    ['inf', noted(30_000)],
    ['1e300', noted(30_000)],
  ])('F+ reads %j as seconds', (given, expected) => {
    expect(read('TIGHTROPE_OAUTH_TIMEOUT_SECONDS', given, 'oauth.timeoutMs')).toEqual(expected);
  });

  it.each([
    ['10', taken(10_000)],
    ['1', noted(4_000)],
    ['9999', noted(600_000)],
    ['0', noted(30_000)],
  ])('a clamped value brings %j into its bounds and says so', (given, expected) => {
    const path = 'upstream.responsesWsIdleTimeoutMs';
    expect(read('TIGHTROPE_RESPONSES_WS_IDLE_TIMEOUT_SECONDS', given, path)).toEqual(expected);
  });

  it.each([
    ['1', taken(true)],
    [' Yes ', taken(true)],
    ['ON', taken(true)],
    ['false', taken(false)],
    ['0', taken(false)],
    ['maybe', noted(false)],
  ])('B reads %j', (given, expected) => {
    const path = 'upstream.requestCompression';
    expect(read('TIGHTROPE_UPSTREAM_ENABLE_REQUEST_COMPRESSION', given, path)).toEqual(expected);
  });

  it('B keeps the lower layer when it cannot read the word', () => {
    expect(read('TIGHTROPE_TOKEN_ENCRYPTION_MIGRATE_PLAINTEXT_ON_READ', 'x', 'vault.migratePlaintextOnRead')).toEqual(
      noted(true),
    );
  });

  it.each([
    ['true', taken(true)],
    ['off', taken(false)],
    ['certainly', noted(false)],
  ])('T reads %j', (given, expected) => {
    expect(read('TIGHTROPE_PROXY_TRACE_UPSTREAM_PAYLOAD', given, 'upstream.tracePayload')).toEqual(expected);
  });

  it.each([
    ['0', 0],
    ['65535', 65_535],
  ])('a port may be %s', (given, expected) => {
    expect(read('TIGHTROPE_PORT', given, 'server.port')).toEqual(taken(expected));
  });

  it.each([
    ['WARNING', taken('warn')],
    ['trace', taken('debug')],
    ['Error', taken('error')],
    ['loud', noted('info')],
  ])('a log level may be %j', (given, expected) => {
    expect(read('TIGHTROPE_LOG_LEVEL', given, 'logging.level')).toEqual(expected);
  });
});
