/** The main ways without a mouse. */
import { codexBody } from '../integration/harness/bodies';
import { openPageStage, type PageStage } from './harness/page-stage';

let stage: PageStage;

beforeAll(async () => {
  stage = await openPageStage({ accounts: 2 });
  for (let turn = 0; turn < 3; turn += 1)
    await stage.sidecar.post('/backend-api/codex/responses', codexBody(`Turn ${turn}`));
});

afterAll(async () => {
  await stage.close();
});

test('palette, list cursor, drawer and pages by keys alone', async () => {
  const page = await stage.open();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command palette' }).waitFor();
  await page.keyboard.type('logs');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Logs' }).waitFor();

  await page.keyboard.press('/');
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Search the log');
  const rows = page.getByRole('row');
  await rows.nth(1).focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction('document.activeElement.getAttribute("aria-rowindex") === "3"');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('Why this account').waitFor();
  const first = await page.evaluate('location.hash');
  await page.keyboard.press('k');
  await page.waitForFunction(`location.hash !== ${JSON.stringify(first)}`);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await page.keyboard.press('Control+3');
  await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await page.keyboard.press('Control+Shift+P');
  await page.getByText('Routing is paused').first().waitFor();
  const refused = await stage.sidecar.post('/backend-api/codex/responses', codexBody('refused'));
  expect(refused.status).toBe(503);
  await page.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Routing goes on').first().waitFor();
  expect((await stage.sidecar.post('/backend-api/codex/responses', codexBody('served'))).status).toBe(200);
});

test('filters live in the address and survive a reload', async () => {
  const page = await stage.open('#/logs?model=no-such-model');
  await page.getByText('No request matches these filters.').waitFor();
  await page.reload();
  await page.getByText('No request matches these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).last().click();
  await page.getByRole('row').nth(1).waitFor();
  expect(await page.evaluate('location.hash')).toBe('#/logs');
});
