/**
 * The levels of tests, each a Jest project: `unit` (no network, mirrors the source), `integration` (the built sidecar
 * as a process against the fake upstream), `clients` (real Codex CLI and SDKs against the built sidecar),
 * `packaged` (the executable) and `e2e` (the page in a real browser).
 */

/** Packages that ship ES modules only; Jest loads CommonJS, so these are compiled like our own sources. */
const ESM_ONLY = [
  'got',
  '@sindresorhus/is',
  '@sec-ant/readable-stream',
  'byte-counter',
  'cacheable-request',
  'chunk-data',
  'color',
  'color-convert',
  'color-name',
  'color-string',
  'decompress-response',
  'get-stream',
  'is-stream',
  'keyv',
  'lowercase-keys',
  'mimic-response',
  'jose',
  'normalize-url',
  'oauth4webapi',
  'openid-client',
  'preact',
  '@preact/signals',
  '@preact/signals-core',
  'responselike',
  'uint8array-extras',
];

const swc = [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2022', keepClassNames: true },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

/** One project: `name` is its folder under test/, `testTimeout` in ms. */
function level(name, testTimeout) {
  return {
    displayName: name,
    rootDir: __dirname,
    roots: ['<rootDir>/test', '<rootDir>/sidecar', '<rootDir>/migrations', '<rootDir>/build'],
    testEnvironment: 'node',
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
    globals: { TEST_TIMEOUT_MS: testTimeout },
    setupFilesAfterEnv: ['<rootDir>/build/jest-timeout.cjs'],
    transform: { '^.+\\.[cm]?[jt]sx?$': swc },
    transformIgnorePatterns: [`/node_modules/(?!(?:${ESM_ONLY.join('|')})/)`],
    modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/release', '<rootDir>/\\.cache'],
  };
}

module.exports = {
  maxWorkers: 2,
  projects: [
    level('unit', 10_000),
    level('integration', 60_000),
    level('clients', 180_000),
    level('packaged', 60_000),
    level('e2e', 120_000),
  ],
};
