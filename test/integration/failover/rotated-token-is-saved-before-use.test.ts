/** A rotated refresh token is on disk before the new access token is used: a crash right then loses no login. */
import { HeldReply } from '../../fakes/upstream/held-reply';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { openAiBody } from '../harness/bodies';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: [{ accessTokenTtlSeconds: -60 }] });
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

test('kill -9 at the first request with the new token', async () => {
  await sidecar.importAccounts(fake.accounts);
  const { login } = fake.account(0);
  const held = new HeldReply();
  login.accessTokenTtlSeconds = 3600;
  fake.account(0).responses.next(held.behaviour);
  const abandoned = sidecar.post('/v1/responses', openAiBody()).catch(() => undefined);
  await held.arrived;
  expect(login.rotations).toBe(1);
  await sidecar.kill9();
  await abandoned;

  login.rejectAccessTokens('token_invalidated');
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  expect({ rotations: login.rotations, reuses: login.reuses }).toEqual({ rotations: 2, reuses: 0 });
  await sidecar.stop();
});
