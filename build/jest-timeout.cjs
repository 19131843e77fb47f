/** Runs before each test file: Jest ignores `testTimeout` of a project, so every level sets its own here. */

const { TEST_TIMEOUT_MS } = /** @type {typeof globalThis & { TEST_TIMEOUT_MS: number }} */ (globalThis);

jest.setTimeout(TEST_TIMEOUT_MS);
