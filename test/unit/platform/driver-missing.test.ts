import path from 'node:path';
import { openDatabase } from '../../../sidecar/platform/database';
import { recordingLogger } from './recording-logger';
import { temporaryDirectory } from './temp-directory';

jest.mock('sqlite3', () => {
  throw new Error('Could not locate the bindings file. Tried:\n → /somewhere/node_sqlite3.node');
});

const directory = temporaryDirectory();

test('without its native addon the database says what to run', async () => {
  const opening = openDatabase({ file: path.join(directory(), 'store.db'), logger: recordingLogger() });
  await expect(opening).rejects.toMatchObject({
    code: 'db_driver_missing',
    message: expect.stringMatching(/bindings file.*npm rebuild sqlite3/) as string,
    details: { nextStep: 'npm rebuild sqlite3' },
  });
});
