/** Password, session, second factor, readers, lock-out (spec/admin-api.md 10.3; issue 6, point 1). */
import { TOTP, Secret } from 'otpauth';
import { browserPage, type BrowserPage } from '../harness/browser-page';
import { errorOf } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

const BASE = '/api/dashboard-auth';
const PASSWORD = ' a password with edges ';

let stage: Stage;
let owner: BrowserPage;

beforeAll(async () => {
  stage = await openStage({ importAll: false, env: { TIGHTROPE_TRUSTED_PROXIES: '127.0.0.1/32' } });
  owner = browserPage(stage.sidecar);
});
afterAll(() => stage.close());

const away = (address: string): BrowserPage => browserPage(stage.sidecar, { 'x-forwarded-for': address });

test('from off the machine the first password needs the bootstrap token', async () => {
  const page = away('203.0.113.1');
  expect((await page.send('GET', `${BASE}/session`)).json).toMatchObject({
    authenticated: false,
    bootstrapRequired: true,
    role: null,
  });
  expect((await page.send('GET', '/api/accounts')).status).toBe(401);
  for (const body of [{ password: PASSWORD }, { password: PASSWORD, bootstrapToken: 'wrong' }]) {
    expect(errorOf(await page.send('POST', `${BASE}/password/setup`, body))['code']).toBe('bootstrap_token_required');
  }
});

test('on this machine a password is set by the page; from then on nobody looks without a session', async () => {
  expect((await owner.send('POST', `${BASE}/password/setup`, { password: 'short' })).status).toBe(400);
  const answer = await owner.send('POST', `${BASE}/password/setup`, { password: PASSWORD });
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ authenticated: true, passwordRequired: true, role: 'admin' });
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^tightrope_dashboard_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43(200|199)$/,
    ),
  ]);
  expect((await owner.send('GET', '/api/accounts')).status).toBe(200);
  expect(errorOf(await stage.sidecar.call('/api/accounts'))['code']).toBe('auth_required');
  expect(errorOf(await browserPage(stage.sidecar).send('POST', '/api/runtime/proxy/stop'))['code']).toBe(
    'auth_required',
  );
  expect((await stage.sidecar.admin('GET', '/api/accounts')).status).toBe(200);
  expect((await owner.send('POST', `${BASE}/password/setup`, { password: PASSWORD })).status).toBe(409);
});

test('the password counts as it is, and a session ends with its sign-out', async () => {
  const page = away('203.0.113.2');
  expect((await page.send('POST', `${BASE}/password/login`, { password: PASSWORD.trim() })).status).toBe(401);
  expect((await page.send('POST', `${BASE}/password/login`, { password: PASSWORD })).status).toBe(200);
  expect((await page.send('GET', '/api/accounts')).status).toBe(200);
  const stolen = page.copy();
  await page.send('POST', `${BASE}/logout`);
  expect(page.cookie()).toBeNull();
  expect((await stolen.send('GET', '/api/accounts')).status).toBe(401);
});

test('of many guesses at once five are judged; then it is 429 with Retry-After, for that client only', async () => {
  const page = away('203.0.113.3');
  const guesses = Array.from({ length: 20 }, () =>
    page.send('POST', `${BASE}/password/login`, { password: 'not it at all' }),
  );
  const answers = await Promise.all(guesses);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  const late = await page.send('POST', `${BASE}/password/login`, { password: PASSWORD });
  expect(late.status).toBe(429);
  expect(Number(late.headers['retry-after'])).toBeGreaterThan(30);
  expect((await away('203.0.113.4').send('POST', `${BASE}/password/login`, { password: PASSWORD })).status).toBe(200);
});

test('a second factor: set up by QR, asked for at sign-in, and no code counts twice', async () => {
  expect(errorOf(await owner.send('PUT', '/api/settings', { totpRequiredOnLogin: true }))['code']).toBe(
    'invalid_totp_config',
  );
  const { secret, otpauthUri, qrDataUrl } = (await owner.send('POST', `${BASE}/totp/setup/start`)).json;
  expect(otpauthUri).toMatch(/^otpauth:\/\/totp\/tightrope:dashboard\?/);
  expect(qrDataUrl).toMatch(/^data:image\/svg\+xml;base64,/);
  const totp = new TOTP({ secret: Secret.fromBase32(String(secret)) });
  const codeIn = (steps: number): string => totp.generate({ timestamp: Date.now() + steps * 30_000 });
  const first = codeIn(-1);
  expect((await owner.send('POST', `${BASE}/totp/setup/confirm`, { secret, code: first })).status).toBe(200);
  expect((await owner.send('PUT', '/api/settings', { totpRequiredOnLogin: true })).status).toBe(200);

  const page = away('203.0.113.5');
  const half = await page.send('POST', `${BASE}/password/login`, { password: PASSWORD });
  expect(half.json).toMatchObject({ authenticated: false, totpRequiredOnLogin: true });
  expect((await page.send('GET', '/api/accounts')).status).toBe(401);
  expect((await page.send('POST', `${BASE}/totp/verify`, { code: first })).status).toBe(400);
  const before = page.copy();
  const second = codeIn(0);
  const racers = await Promise.all(
    [page.copy(), page].map((one) => one.send('POST', `${BASE}/totp/verify`, { code: second })),
  );
  expect(racers.map(({ status }) => status).sort()).toEqual([200, 400]);
  expect((await before.send('GET', '/api/accounts')).status).toBe(401);
  expect((await owner.send('POST', `${BASE}/totp/disable`, { code: codeIn(1) })).status).toBe(200);
  expect((await owner.send('GET', '/api/settings')).json).toMatchObject({
    totpRequiredOnLogin: false,
    totpConfigured: false,
  });
});

test('changing the password ends every other session', async () => {
  const other = away('203.0.113.6');
  await other.send('POST', `${BASE}/password/login`, { password: PASSWORD });
  const body = { currentPassword: PASSWORD, newPassword: 'another one' };
  expect((await owner.send('POST', `${BASE}/password/change`, { ...body, currentPassword: 'wrong one' })).status).toBe(
    401,
  );
  expect((await owner.send('POST', `${BASE}/password/change`, body)).status).toBe(200);
  expect((await other.send('GET', '/api/accounts')).status).toBe(401);
  expect((await owner.send('GET', '/api/accounts')).status).toBe(200);
});

test('every change is in the audit log, with names of fields and no values', async () => {
  const answer = await owner.send('GET', '/api/audit');
  expect(answer.json['entries']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        actor: 'session',
        path: '/api/settings',
        status: 200,
        fields: ['totpRequiredOnLogin'],
      }),
      expect.objectContaining({ path: '/api/dashboard-auth/password/login', status: 401, address: '203.0.113.2' }),
    ]),
  );
  for (const secret of [PASSWORD, 'another one', 'not it at all']) expect(answer.text).not.toContain(secret);
});

test('without the password the page of this machine is open again, and the rest is closed', async () => {
  expect((await owner.send('DELETE', `${BASE}/password`, { password: 'another one' })).status).toBe(200);
  expect((await browserPage(stage.sidecar).send('GET', '/api/accounts')).status).toBe(200);
  expect((await away('203.0.113.7').send('GET', '/api/accounts')).status).toBe(401);
});
