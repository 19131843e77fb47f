import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyAgents, type ProxySettings } from '../../../sidecar/platform/proxy-agents';
import { createTokenEndpoint } from '../../../sidecar/oauth/token-endpoint';
import { answer, startTokenServer, type TokenServer } from '../oauth/token-server';

const NONE: ProxySettings = { httpsProxy: null, httpProxy: null, noProxy: null };

let provider: TokenServer;
let proxy: TokenServer;

beforeEach(async () => {
  provider = await startTokenServer((_call, response) => answer(response, 200, { access_token: 'direct' }));
  proxy = await startTokenServer((_call, response) => answer(response, 200, { access_token: 'through-proxy' }));
});

afterEach(async () => {
  await provider.close();
  await proxy.close();
});

const refreshWith = async (settings: Partial<ProxySettings>, baseUrl = provider.baseUrl): Promise<string> => {
  const agents = createProxyAgents({ ...NONE, ...settings });
  const endpoint = createTokenEndpoint({ baseUrl, clientId: 'c', timeoutMs: 5_000, userAgent: 't', agents });
  return (await endpoint.refresh('rt', new AbortController().signal)).accessToken;
};

test('without a proxy the provider is asked directly', async () => {
  expect(await refreshWith({})).toBe('direct');
});

test('a configured proxy is used, with the whole address', async () => {
  expect(await refreshWith({ httpProxy: proxy.baseUrl })).toBe('through-proxy');
  expect(proxy.calls.map(({ path }) => path)).toEqual([`${provider.baseUrl}/oauth/token`]);
  expect(provider.calls).toEqual([]);
});

test('hosts that are excepted are reached directly', async () => {
  expect(await refreshWith({ httpProxy: proxy.baseUrl, noProxy: 'example.com,127.0.0.1' })).toBe('direct');
});

test('https goes through a tunnel of its own proxy', async () => {
  const asked: string[] = [];
  const tunnel = createServer();
  tunnel.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
  const { port } = tunnel.address() as AddressInfo;
  const httpsProxy = `http://127.0.0.1:${port}`;
  await expect(refreshWith({ httpsProxy }, 'https://auth.example.test')).rejects.toMatchObject({
    code: 'oauth_transport_failed',
  });
  await new Promise((resolve) => tunnel.close(resolve));
  expect(asked).toEqual(['auth.example.test:443']);
});
