/** The page says when the sidecar is gone, keeps what it showed, and comes back by itself. */
import { Sidecar } from '../integration/harness/sidecar';
import { openPageStage, type PageStage } from './harness/page-stage';

let stage: PageStage;

beforeAll(async () => {
  stage = await openPageStage({ accounts: 1 });
});

afterAll(async () => {
  await stage.discard();
});

test('a kill shows the banner and a restart takes it away', async () => {
  const page = await stage.open('#/accounts');
  await page
    .getByRole('button', { name: /example\.test/ })
    .first()
    .waitFor();
  const { fake, sidecar } = stage;
  await sidecar.kill9();
  await page.keyboard.press('Control+r');
  await page.getByRole('alert').getByText('Sidecar not reachable').waitFor({ timeout: 30_000 });
  await page
    .getByRole('button', { name: /example\.test/ })
    .first()
    .waitFor();
  const port = Number(new URL(sidecar.address).port);
  const again = await Sidecar.start({ fake, port, dataFolder: sidecar.dataFolder });
  try {
    await page.getByText('Sidecar not reachable').waitFor({ state: 'hidden', timeout: 30_000 });
    await page.getByText('The sidecar answers again').first().waitFor();
  } finally {
    await page.context().close();
    await again.stop();
  }
});
