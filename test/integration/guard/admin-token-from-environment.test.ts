/** `TIGHTROPE_ADMIN_TOKEN` replaces the file's token (design §10). */
import { openStage } from '../harness/stage';

test('the configured token counts', async () => {
  const token = 'a-token-of-my-own-choice-0123456789';
  const stage = await openStage({ env: { TIGHTROPE_ADMIN_TOKEN: token } });
  expect(stage.sidecar.adminToken).toBe(token);
  expect((await stage.sidecar.admin('POST', '/api/runtime/proxy/start')).status).toBe(200);
  await stage.close();
});
