/** Where this machine keeps a Chromium or Chrome that tests can drive. */
import { existsSync } from 'node:fs';
import { findProgram } from './requirements.mjs';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** Applications that are not on PATH. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Full path of the browser, `null` when there is none. `TIGHTROPE_TEST_BROWSER` names another one. */
export function findBrowser(env = process.env) {
  const named = env.TIGHTROPE_TEST_BROWSER;
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  const onPath = PROGRAMS.map((program) => findProgram(program, env)).find((found) => found !== null);
  return onPath ?? PLACES.find((place) => existsSync(place)) ?? null;
}
