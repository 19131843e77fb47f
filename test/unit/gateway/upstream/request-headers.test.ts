import { isNativeClient, upstreamHeaders, type HeaderKind } from '../../../../sidecar/gateway/upstream/request-headers';

const identity = {
  accessToken: 'token-of-the-account',
  chatgptAccountId: 'workspace-1',
  requestId: 'req-1',
  userAgentFallback: 'tightrope/0.1.0',
};

function pairs(
  raw: readonly string[],
  kind: HeaderKind = 'responses',
  overrides: Partial<typeof identity> = {},
): [string, string][] {
  const flat = upstreamHeaders(raw, { ...identity, ...overrides }, kind);
  expect(flat.length % 2).toBe(0);
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? '', flat[2 * i + 1] ?? '']);
}

const own: [string, string][] = [
  ['authorization', 'Bearer token-of-the-account'],
  ['chatgpt-account-id', 'workspace-1'],
];
const rest: [string, string][] = [
  ['accept', 'text/event-stream'],
  ['accept-encoding', 'identity'],
  ['content-type', 'application/json'],
  ['x-request-id', 'req-1'],
];
const codexHeaders = [
  ['x-codex-beta-features', 'remote_compaction_v2'],
  ['x-codex-window-id', 'w:0'],
  ['x-codex-turn-metadata', '{"installation_id":"i"}'],
  ['x-codex-installation-id', '883ec57e'],
  ['x-client-request-id', 't'],
  ['session-id', 't'],
  ['thread-id', 't'],
  ['x-codex-turn-state', 'opaque=='],
  ['x-openai-subagent', 'review'],
  ['version', '0.159.0'],
  ['OpenAI-Beta', 'responses=experimental'],
  ['originator', 'codex_exec'],
  ['user-agent', 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown (codex_exec; 0.169.0)'],
];

describe('upstream headers of a native Codex client', () => {
  it('are its own, whole and in order, with our account', () => {
    const raw = [
      ...codexHeaders,
      ['accept', 'text/event-stream'],
      ['content-type', 'application/json'],
      ['authorization', 'Bearer its-own'],
      ['chatgpt-account-id', 'its-own'],
      ['host', '127.0.0.1:2455'],
      ['content-length', '27512'],
      ['content-encoding', 'zstd'],
    ].flat();
    expect(pairs(raw)).toEqual([...codexHeaders, ...own, ...rest]);
  });

  it.each([
    ['originator', 'codex_cli_rs'],
    ['Originator', ' Codex Desktop '],
    ['ORIGINATOR', 'codex-tui'],
    ['User-Agent', 'Codex Desktop/1.2 (Windows 10.0.26200; x86_64) unknown (Codex Desktop; 5)'],
    ['user-agent', 'codex_vscode/0.169.0'],
  ])('are told by %s: %s', (name, value) => {
    expect(isNativeClient(['x-a', 'b', name, value])).toBe(true);
  });

  it.each([
    ['user-agent', 'OpenAI/Python 2.1.0'],
    ['user-agent', 'curl/8.0 codex_cli_rs/1'],
    ['originator', 'codex_cli_rs_fake'],
    ['x-originator', 'codex_cli_rs'],
    ['user-agent', ''],
  ])('are not told by %s: %s', (name, value) => {
    expect(isNativeClient([name, value])).toBe(false);
  });
});

describe('upstream headers of any other client', () => {
  it('name this product and lose what an SDK adds', () => {
    const raw = [
      ['User-Agent', 'OpenAI/JS 6.0'],
      ['X-Stainless-Lang', 'js'],
      ['x-openai-client-version', '1'],
      ['originator', 'my-app'],
      ['version', '9'],
      ['OpenAI-Organization', 'org-1'],
      ['accept-language', 'de'],
      ['session_id', 's'],
    ].flat();
    expect(pairs(raw)).toEqual([
      ['accept-language', 'de'],
      ['session_id', 's'],
      ...own,
      ['user-agent', 'tightrope/0.1.0'],
      ['originator', 'tightrope'],
      ...rest,
    ]);
  });

  it('leave out an account id that is not known', () => {
    expect(pairs([], 'responses', { chatgptAccountId: '' }).map(([name]) => name)).not.toContain('chatgpt-account-id');
  });

  it('ask for JSON where JSON is answered', () => {
    expect(Object.fromEntries(pairs([], 'json'))).toMatchObject({ accept: 'application/json' });
  });

  it('are the minimal set where the upstream is suspicious', () => {
    const raw = [...codexHeaders, ['accept-language', 'de'], ['x-openai-thing', '1']].flat();
    expect(pairs(raw, 'minimal').map(([name]) => name)).toEqual([
      'x-codex-beta-features',
      'x-codex-window-id',
      'x-codex-turn-metadata',
      'x-codex-installation-id',
      'x-codex-turn-state',
      'x-openai-subagent',
      'user-agent',
      'x-openai-thing',
      'authorization',
      'chatgpt-account-id',
    ]);
  });

  it('refuse a token that would break the head', () => {
    expect(() => pairs([], 'responses', { accessToken: 'a\r\nx-evil: 1' })).toThrow('authorization');
  });
});
