/** Life of a session: 12 h from the last request, 7 days at most, over a restart (design §11 "Dashboard session"). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS } from '../../../migrations/index';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { migrate } from '../../../sidecar/platform/migrate';
import { Sessions } from '../../../sidecar/signin/sessions';
import { SigninStore } from '../../../sidecar/signin/signin-store';
import { recordingLogger } from '../platform/recording-logger';

const HOUR_MS = 3_600_000;
const logger = recordingLogger();
let folder = '';
let database: Database;
let nowMs = 1_790_000_000_000;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sessions-'));
  database = await openDatabase({ file: join(folder, 'store.db'), logger });
  await migrate(database, MIGRATIONS, { logger });
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const open = (): Promise<Sessions> => Sessions.open(new SigninStore(database), { now: () => nowMs }, logger);

test('it ends twelve hours after the last request', async () => {
  const sessions = await open();
  const { secret } = await sessions.start('admin', false);
  nowMs += 12 * HOUR_MS - 1;
  expect(sessions.find(secret)).not.toBeNull();
  nowMs += 1;
  expect(sessions.find(secret)).toBeNull();
});

test('used every hour it lasts seven days and no longer', async () => {
  const sessions = await open();
  const { secret } = await sessions.start('admin', false);
  for (let hour = 1; hour < 7 * 24; hour += 1) {
    nowMs += HOUR_MS;
    const session = sessions.find(secret);
    expect(session).not.toBeNull();
    if (session !== null) expect(sessions.touch(session)).toBe(Math.min(12, 7 * 24 - hour) * HOUR_MS);
  }
  nowMs += HOUR_MS;
  expect(sessions.find(secret)).toBeNull();
});

test('its cookie is renewed every five minutes at most', async () => {
  const sessions = await open();
  const { session } = await sessions.start('admin', false);
  nowMs += 299_999;
  expect(sessions.touch(session)).toBeNull();
  nowMs += 1;
  expect(sessions.touch(session)).toBe(12 * HOUR_MS);
});

test('it outlives a restart with its role; its secret is stored nowhere', async () => {
  const before = await open();
  const { secret } = await before.start('reader', false);
  const after = await open();
  expect(after.find(secret)).toMatchObject({ role: 'reader', totpVerified: false });
  expect(JSON.stringify(await database.read('dashboard_sessions'))).not.toContain(secret);
});

test('the session that another one follows is gone, and so are those that were ended', async () => {
  const sessions = await open();
  const first = await sessions.start('admin', false);
  const second = await sessions.start('admin', true, first.session);
  expect(sessions.find(first.secret)).toBeNull();
  expect(sessions.find(second.secret)).toMatchObject({ totpVerified: true });
  await sessions.end([second.session.id]);
  expect((await open()).find(second.secret)).toBeNull();
});
