/** Lint rules of the project. There are no inline exceptions: a rule that is wrong is changed here, for everybody. */
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { layers } from './build/lint/plugin.mjs';

/** Rules that need types. They run where promises and data from outside are handled. */
const typeAware = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-assignment': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-member-access': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

/** Size of source files: only the tail hurts (the aim is 200 lines a file). */
const sourceSize = {
  complexity: ['error', 15],
  'max-lines': ['error', 400],
  'max-lines-per-function': ['error', 60],
};

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'release/', 'coverage/', 'bench-results/', '.cache/'] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    plugins: { layers },
    rules: {
      eqeqeq: 'error',
      'layers/import-direction': 'error',
      'layers/no-cycles': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'prefer-const': 'error',
    },
  },
  {
    files: ['*.config.mjs'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...typeAware,
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['build/**/*.{mjs,cjs}', '*.{mjs,cjs}'],
    languageOptions: {
      globals: {
        __dirname: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        jest: 'readonly',
        module: 'writable',
        performance: 'readonly',
        process: 'readonly',
        setInterval: 'readonly',
        setTimeout: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
      },
    },
  },
  { files: ['sidecar/**', 'build/**', 'ui/**'], rules: sourceSize },
  // A table of data: every sentence of the page.
  { files: ['ui/strings.ts'], rules: { 'max-lines': 'off' } },
  {
    // Jest's matchers (expect.any and the like) are typed `any`.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['test/**', 'migrations/**'], rules: { complexity: ['error', 15], 'max-lines': ['error', 500] } },
  {
    files: ['sidecar/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrels: import the defining file.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only sidecar/config reads the environment.' },
      ],
      'no-console': 'error',
    },
  },
  { files: ['sidecar/config/**'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['sidecar/cli/**'], rules: { 'no-console': 'off' } },
);
