import { countResults } from '../../../build/jest-run.mjs';

const results = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numRuntimeErrorTestSuites: 0 };

test('counts what Jest counted', () => {
  expect(countResults(results, 0)).toEqual({ passed: 3, failed: 0, skipped: 1 });
  expect(countResults({ ...results, numFailedTests: 2 }, 1)).toEqual({ passed: 3, failed: 2, skipped: 1 });
});

test('a file that did not load is a failure', () => {
  expect(countResults({ ...results, numRuntimeErrorTestSuites: 1 }, 1)).toMatchObject({ failed: 1 });
});

test('a run without results, without tests or with an unexplained exit code is a failure', () => {
  expect(countResults(null, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countResults({ ...results, numPassedTests: 0 }, 0)).toMatchObject({ failed: 1 });
  expect(countResults(results, 1)).toMatchObject({ failed: 1 });
});
