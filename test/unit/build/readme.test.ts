import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../../package.json';
import { withConfigurationTable } from '../../../build/reference/configuration-table';

const ROOT = join(__dirname, '../../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

test('the table of settings is what `npm run docs` would write', () => {
  expect(withConfigurationTable(readme)).toBe(readme);
});

test.each([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)])(
  'the dependency table says why there is %s',
  (name) => {
    expect(readme).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\| .+ \\|$`, 'm'));
  },
);

test.each([...readme.matchAll(/`npm run ([a-z][a-z0-9:-]*)/g)].map((match) => match[1]))(
  '`npm run %s` exists',
  (script) => {
    expect(Object.keys(manifest.scripts)).toContain(script);
  },
);
