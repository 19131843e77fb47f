import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sampleAccount } from './sample-account';
import { standIn, type StandIn } from './stand-in-program';

const INSTANCE = '0197a1b2-0000-7000-8000-00000000000a';

interface Seen {
  readonly request: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

describe('commands while a sidecar runs on the data directory', () => {
  let tool: StandIn;
  let server: Server;
  let address: string;
  let seen: Seen[];
  let answers: Readonly<Record<string, readonly [status: number, body: unknown]>>;

  const health = { status: 'ok', uptime_ms: 5, instanceId: INSTANCE, version: '9.9.9' };
  const runtimeHealth = {
    ...{ status: 'ok', uptime_ms: 93_784_000, proxyEnabled: true, proxyPaused: false, database: 'unlocked' },
    ...{
      accounts: { total: 3, usable: 2 },
      turnsInFlight: 1,
      logRowsDropped: 0,
      version: '9.9.9',
      nodeId: 'n',
      cluster: null,
    },
  };

  beforeEach(async () => {
    tool = standIn();
    seen = [];
    answers = { 'GET /health': [200, health], 'GET /api/accounts': [200, { accounts: [sampleAccount()] }] };
    server = createServer((request, response) => {
      void readBody(request).then((body) => {
        const name = `${request.method ?? ''} ${request.url ?? ''}`;
        seen.push({ request: name, authorization: request.headers.authorization, body });
        const [status, answer] = answers[name] ?? [404, { error: { code: 'not_found', message: 'Route not found.' } }];
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    address = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
    announce(INSTANCE);
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    tool.remove();
  });

  function announce(instanceId: string): void {
    const runtime = { pid: 4711, address, version: '9.9.9', instanceId, startedAtMs: 1 };
    writeFileSync(path.join(tool.dataDirectory, 'runtime.json'), JSON.stringify(runtime));
    writeFileSync(path.join(tool.dataDirectory, 'admin-token'), 'token-in-the-file\n');
  }

  it('ask it, with the token of the data directory', async () => {
    expect(await tool.run('accounts', 'list')).toBe(0);
    expect(tool.out.join()).toContain('one@example.com');
    expect(seen).toEqual([
      { request: 'GET /health', authorization: undefined, body: '' },
      { request: 'GET /api/accounts', authorization: 'Bearer token-in-the-file', body: '' },
    ]);
  });

  it('use the configured token before the one in the file', async () => {
    tool.remove();
    tool = standIn({ env: { TIGHTROPE_ADMIN_TOKEN: 'a-configured-admin-token' } });
    announce(INSTANCE);
    await tool.run('accounts', 'list');
    expect(seen.at(-1)?.authorization).toBe('Bearer a-configured-admin-token');
  });

  it('change accounts through it', async () => {
    const { accountId } = sampleAccount();
    answers = {
      ...answers,
      [`POST /api/accounts/${accountId}/pause`]: [200, { status: 'paused' }],
      [`DELETE /api/accounts/${accountId}`]: [200, { status: 'deleted' }],
    };
    expect(await tool.run('accounts', 'pause', 'one@example.com')).toBe(0);
    expect(await tool.run('accounts', 'remove', 'one@example.com')).toBe(0);
    expect(seen.map(({ request }) => request)).toContain(`DELETE /api/accounts/${accountId}`);
  });

  it('import through it', async () => {
    answers = {
      ...answers,
      'POST /api/accounts/import': [200, { results: [{ index: 0, action: 'created', account: sampleAccount() }] }],
    };
    const file = path.join(tool.dataDirectory, 'auth.json');
    writeFileSync(file, '{"tokens":{}}');
    expect(await tool.run('accounts', 'import', file)).toBe(0);
    expect(seen.at(-1)?.body).toBe('{"authJson":[{"tokens":{}}],"onDuplicate":"update"}');
    expect(tool.out).toEqual([`created  one@example.com  ${sampleAccount().accountId}  ${file}`]);
  });

  it('pass its refusals on', async () => {
    answers = {
      ...answers,
      'GET /api/accounts': [
        401,
        { error: { code: 'admin_token_required', message: 'This bearer is not the admin token.' } },
      ],
    };
    expect(await tool.run('accounts', 'list')).toBe(1);
    expect(tool.errors).toEqual(['tightrope: This bearer is not the admin token. (admin_token_required)']);
  });

  it('say so when its answer is none of ours', async () => {
    answers = { ...answers, 'GET /api/accounts': [200, { accounts: 'many' }] };
    expect(await tool.run('accounts', 'list')).toBe(1);
    expect(tool.errors.join()).toContain('`accounts` must be');
    answers = { ...answers, 'GET /api/accounts': [302, 'elsewhere'] };
    expect(await tool.run('accounts', 'list')).toBe(1);
    expect(tool.errors.join()).toContain('not understood (status 302)');
  });

  it('show how it is doing', async () => {
    answers = { ...answers, 'GET /api/runtime/health': [200, runtimeHealth] };
    expect(await tool.run('status')).toBe(0);
    const text = tool.out.splice(0).join('\n');
    for (const line of [/^status +ok$/m, /^pid +4711$/m, /^uptime +1 d 2 h$/m, /^accounts +2 usable of 3$/m]) {
      expect(text).toMatch(line);
    }
    expect(text).toContain(address);
    expect(await tool.run('status', '--json')).toBe(0);
    expect(JSON.parse(tool.out.join('\n'))).toMatchObject({ running: true, address, pid: 4711, health: runtimeHealth });
  });

  it('never give the token to a stranger at the address of a process that crashed', async () => {
    announce('0197a1b2-0000-7000-8000-00000000dead');
    expect(await tool.run('status')).toBe(1);
    expect(tool.out).toEqual([`not running on ${tool.dataDirectory}`]);
    expect(await tool.run('status', '--json')).toBe(1);
    expect(seen.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  });
});

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}
