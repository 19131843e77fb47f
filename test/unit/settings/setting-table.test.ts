/** The table of settings itself: design §7 "at most 40", issue 6 "every setting has an effect or does not exist". */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { SETTING_NAMES, SETTINGS } from '../../../sidecar/contract/settings';
import { checkChanges } from '../../../sidecar/settings/setting-values';
import { PROJECT_ROOT } from '../../integration/harness/project-root';

test('there are at most forty', () => {
  expect(SETTING_NAMES.length).toBeLessThanOrEqual(40);
});

test.each(SETTING_NAMES)('%s: its default is one of its values, and its owner names it', (name) => {
  const { byDefault, effect } = SETTINGS[name];
  expect(checkChanges({ [name]: byDefault })).toEqual({ [name]: byDefault });
  // The page reads settings by name in many places; that it has one for each is for its own tests.
  if (effect !== 'ui') expect(sourceOf(path.join(PROJECT_ROOT, effect))).toMatch(new RegExp(`\\b${name}\\b`));
});

function sourceOf(place: string): string {
  if (!statSync(place).isDirectory()) return readFileSync(place, 'utf8');
  return readdirSync(place)
    .map((entry) => sourceOf(path.join(place, entry)))
    .join('\n');
}
