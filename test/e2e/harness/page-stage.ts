/** The page in a real browser, before a sidecar with a fake upstream: what every browser test stands on. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findBrowser } from '../../../build/browser.mjs';
import { openStage, type Stage, type StageOptions } from '../../integration/harness/stage';
import { PROJECT_ROOT } from '../../integration/harness/project-root';

export type Theme = 'dark' | 'light';

export interface PageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

export interface PageStage extends Stage {
  /** A fresh browser profile with the page open at `hash` (`#/logs`). */
  open(hash?: string, options?: PageOptions): Promise<Page>;
  /** Ends everything without judging the sidecar, for tests that killed it. */
  discard(): Promise<void>;
}

/** Chromium as root in a container, without anything that asks the network (toolchain.md 4). */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openPageStage(options: StageOptions = {}): Promise<PageStage> {
  const stage = await openStage(options);
  const browser = await launch();
  const problems: string[] = [];
  return {
    ...stage,
    open: (hash = '#/dashboard', pageOptions = {}) =>
      openPage(browser, stage.sidecar.url(`/${hash}`), pageOptions, problems),
    discard: async () => {
      await browser.close();
      await stage.sidecar.discard();
      await stage.fake.close();
      expect(problems).toEqual([]);
    },
    close: async () => {
      await browser.close();
      await stage.close();
      expect(problems).toEqual([]);
    },
  };
}

async function launch(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chromium or Chrome here; see the requirements of npm test');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

async function openPage(
  browser: Browser,
  url: string,
  { theme = 'dark', width = 1540, height = 940 }: PageOptions,
  problems: string[],
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    acceptDownloads: false,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
  });
  await page.goto(url);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return page;
}

/** Keeps a picture as an artefact of the run in .cache/e2e/. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = path.join(PROJECT_ROOT, '.cache', 'e2e');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
