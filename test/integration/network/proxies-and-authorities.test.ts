/** HTTPS_PROXY, NO_PROXY and extra certificate authorities count on both planes (design §11 "Network surroundings"). */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { toPath, toResponses } from '../../fakes/upstream/recorder';
import { codexBody, openAiBody } from '../harness/bodies';
import { makeCertificates, type Certificates } from '../harness/certificates';
import { startConnectProxy, type ConnectProxy } from '../harness/connect-proxy';
import { errorOf } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { jsonOf } from '../harness/sse-parser';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

/** Resolves nowhere: only the proxy of the test knows that it means 127.0.0.1. */
const UPSTREAM_NAME = 'upstream.tightrope.test';

let folder: TempFolder;
let certificates: Certificates;
let fake: FakeUpstream;
let proxy: ConnectProxy;
let sidecar: Sidecar;

beforeAll(async () => {
  folder = await makeTempFolder();
  certificates = makeCertificates(folder.path, [UPSTREAM_NAME]);
});
afterAll(() => folder.remove());
beforeEach(async () => {
  fake = await startFakeUpstream({ accounts: [{ accessTokenTtlSeconds: -60 }], tls: certificates });
  fake.account(0).login.accessTokenTtlSeconds = 3600;
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
});

const upstreamPort = (): string => new URL(fake.address).port;

/** Environment that reaches the fake under a name only the proxy can resolve. */
function byName(): Record<string, string> {
  const base = `https://${UPSTREAM_NAME}:${upstreamPort()}`;
  return { TIGHTROPE_UPSTREAM_BASE_URL: `${base}/backend-api`, TIGHTROPE_AUTH_BASE_URL: base };
}

async function start(env: Readonly<Record<string, string>>): Promise<void> {
  sidecar = await Sidecar.start({ fake, env });
  await sidecar.importAccounts(fake.accounts);
}

test.each(['HTTPS_PROXY', 'https_proxy'])('%s carries turns, token refreshes and catalogues', async (variable) => {
  proxy = await startConnectProxy();
  await start({ ...byName(), [variable]: proxy.address, NODE_EXTRA_CA_CERTS: certificates.caFile });
  const stream = await sidecar.stream('/backend-api/codex/responses', codexBody());
  expect(jsonOf((await stream.rest()).at(-1) ?? null).type).toBe('response.completed');
  await sidecar.call('/v1/models');
  expect(fake.requests(toResponses)).toHaveLength(1);
  expect(fake.requests(toPath('/oauth/token'))).toHaveLength(1);
  expect(fake.requests(toPath('/backend-api/codex/models'))).toHaveLength(1);
  expect(new Set(proxy.tunnels)).toEqual(new Set([`${UPSTREAM_NAME}:${upstreamPort()}`]));
  await sidecar.stop();
  await proxy.close();
});

test('credentials in the proxy address are used and not logged', async () => {
  proxy = await startConnectProxy('user:s3cret-proxy-word');
  const address = proxy.address.replace('http://', 'http://user:s3cret-proxy-word@');
  await start({ ...byName(), HTTPS_PROXY: address, NODE_EXTRA_CA_CERTS: certificates.caFile });
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  await sidecar.stop();
  expect(sidecar.program.stdout + sidecar.program.stderr).not.toContain('s3cret-proxy-word');
  await proxy.close();
});

test.each(['127.0.0.1', '*', 'other.test,127.0.0.1'])('NO_PROXY=%s goes straight to the upstream', async (noProxy) => {
  proxy = await startConnectProxy();
  await start({ HTTPS_PROXY: proxy.address, NO_PROXY: noProxy, NODE_EXTRA_CA_CERTS: certificates.caFile });
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  await sidecar.call('/v1/models');
  expect(proxy.tunnels).toEqual([]);
  await sidecar.stop();
  await proxy.close();
});

test('a proxy that cannot be reached is a 502 and no account is blamed', async () => {
  proxy = await startConnectProxy();
  await proxy.close();
  fake.account(0).login.accessTokenTtlSeconds = 3600;
  fake.account(0).login.signInAgain();
  await start({ ...byName(), HTTPS_PROXY: proxy.address, NODE_EXTRA_CA_CERTS: certificates.caFile });
  const answer = await sidecar.post('/v1/responses', openAiBody());
  expect(answer.status).toBe(502);
  expect(errorOf(answer)).toMatchObject({ code: 'upstream_unavailable' });
  await sidecar.stop();
});

test('an authority that is not known is refused', async () => {
  fake.account(0).login.signInAgain();
  await start({});
  const answer = await sidecar.post('/v1/responses', openAiBody());
  expect(answer.status).toBe(502);
  expect(fake.requests(toResponses)).toHaveLength(0);
  await sidecar.stop();
});
