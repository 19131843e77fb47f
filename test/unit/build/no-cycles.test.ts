import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { noCycles } from '../../../build/lint/no-cycles.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tightrope-no-cycles-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the files and returns what the rule says about the first of them. */
function lintFirst(files: Record<string, string>): string[] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const [name = '', text = ''] = Object.entries(files)[0] ?? [];
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser },
    plugins: { layers: { rules: { 'no-cycles': noCycles } } },
    rules: { 'layers/no-cycles': 'error' as const },
  };
  return new Linter({ cwd: folder }).verify(text, config, { filename: join(folder, name) }).map((m) => m.message);
}

test('two files that import each other', () => {
  expect(lintFirst({ 'a.ts': "import { b } from './b';", 'b.ts': "import { a } from './a';" })).toEqual([
    'Import cycle: a.ts → b.ts → a.ts.',
  ]);
});

test('a cycle of types over three files and a folder is named with its whole way', () => {
  const messages = lintFirst({
    'a.ts': "import type { B } from './deep/b';",
    'deep/b.ts': "export type { C } from '../c';",
    'c.ts': "export type A = import('./a').A;",
  });
  expect(messages).toEqual([`Import cycle: a.ts → ${join('deep', 'b.ts')} → c.ts → a.ts.`]);
});

test('a file that imports itself', () => {
  expect(lintFirst({ 'a.ts': "import { a } from './a';" })).toEqual(['Import cycle: a.ts → a.ts.']);
});

test('a file above a cycle of others is not part of it', () => {
  const files = { 'top.ts': "import './a';", 'a.ts': "import './b';", 'b.ts': "import './a';" };
  expect(lintFirst(files)).toEqual([]);
});

test('a diamond is no cycle, and packages, data and missing files are no edges', () => {
  const messages = lintFirst({
    'a.ts': "import './b'; import './c'; import 'knex'; import './prices.json'; import './missing';",
    'b.ts': "import './d';",
    'c.ts': "import './d';",
    'd.ts': '',
    'prices.json': '{}',
  });
  expect(messages).toEqual([]);
});
