/** Settings are tried out, looked at, saved, and never lost by accident. */
import { openPageStage, type PageStage } from './harness/page-stage';

let stage: PageStage;

beforeAll(async () => {
  stage = await openPageStage({ accounts: 1 });
});

afterAll(async () => {
  await stage.close();
});

test('a theme is previewed at once, the way out asks, and saving shows the difference', async () => {
  const page = await stage.open('#/settings', { theme: 'dark' });
  const theme = (): Promise<unknown> => page.evaluate('document.documentElement.dataset.theme');
  await page.getByLabel('Theme').selectOption('light');
  expect(await theme()).toBe('light');
  await page.keyboard.press('Control+1');
  const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
  await leaving.getByRole('button', { name: 'Stay here' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  expect(await theme()).toBe('dark');

  await page.getByLabel('Theme').selectOption('light');
  await page.getByLabel('Strategy').selectOption('headroom');
  await page.keyboard.press('Control+s');
  const review = page.getByRole('dialog', { name: 'Save these changes?' });
  await review.getByText('Most headroom').waitFor();
  await review.getByRole('button', { name: 'Save' }).click();
  await page.getByText('All changes saved').waitFor();
  const stored = await stage.sidecar.admin('GET', '/api/settings');
  expect(stored.json).toMatchObject({ theme: 'light', routingStrategy: 'headroom' });
  await page.reload();
  await page.waitForFunction('document.documentElement.dataset.theme === "light"');
});

test('a change of somebody else is not overwritten', async () => {
  const page = await stage.open('#/settings');
  await page.getByLabel('Strategy').selectOption('round_robin');
  await stage.sidecar.admin('PUT', '/api/settings', { preferEarlierResetAccounts: true });
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page
    .getByText(/Somebody else changed the settings/)
    .first()
    .waitFor();
  const stored = await stage.sidecar.admin('GET', '/api/settings');
  expect(stored.json).toMatchObject({ preferEarlierResetAccounts: true, routingStrategy: 'headroom' });
});
