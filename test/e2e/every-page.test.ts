/** Every page in both themes and three sizes: it shows, breaks nothing, and can be read by everybody. */
import type { Page } from 'playwright-core';
import { usageLimit } from '../fakes/upstream/error-faults';
import { codexBody } from '../integration/harness/bodies';
import { seriousFindings } from './harness/axe';
import { openPageStage, picture, type PageStage, type Theme } from './harness/page-stage';

const PAGES = [
  ['dashboard', 'Dashboard'],
  ['router', 'Router'],
  ['accounts', 'Accounts'],
  ['sessions', 'Sessions'],
  ['logs', 'Logs'],
  ['logs/events', 'Logs'],
  ['keys', 'API keys'],
  ['settings', 'Settings'],
  ['settings/history', 'Settings'],
  ['cluster', 'Cluster'],
] as const;

const SIZES = [
  [1540, 940],
  [1024, 640],
  [390, 844],
] as const;

let stage: PageStage;

beforeAll(async () => {
  stage = await openPageStage({ accounts: [{ plan: 'pro' }, { plan: 'plus' }, { plan: 'free' }] });
  stage.fake.accounts[0]?.responses.next(usageLimit());
  for (let turn = 0; turn < 6; turn += 1)
    await stage.sidecar.post('/backend-api/codex/responses', codexBody(`Turn ${turn}`));
});

afterAll(async () => {
  await stage.close();
});

const THEMES: readonly Theme[] = ['dark', 'light'];

describe.each(THEMES)('%s theme', (theme) => {
  let page: Page;

  beforeAll(async () => {
    page = await stage.open('#/dashboard', { theme });
  });

  afterAll(async () => {
    await page.context().close();
  });

  test.each(PAGES)(
    '%s has its heading and no serious accessibility finding, and fits every size',
    async (hash, heading) => {
      await page.setViewportSize({ width: 1540, height: 940 });
      await page.evaluate(`location.hash = '#/${hash}'`);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'hidden' });
      expect(await seriousFindings(page)).toEqual([]);
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await picture(page, `${hash.replace('/', '-')}-${theme}-${width}`);
        expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBe(0);
      }
    },
  );

  test('the detail of an account has no serious accessibility finding', async () => {
    await page.setViewportSize({ width: 1540, height: 940 });
    await page.evaluate(`location.hash = '#/accounts/${String(stage.pool[0]?.['accountId'])}'`);
    await page.getByRole('heading', { name: 'Policy' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, `account-${theme}-1540`);
  });

  test('the drawer of a request explains the choice and has no serious accessibility finding', async () => {
    await page.evaluate("location.hash = '#/logs'");
    await page.getByRole('row').nth(1).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText(/Candidates: \d of 3 could serve/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, `request-${theme}-1540`);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  });
});
