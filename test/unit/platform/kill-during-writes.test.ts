import path from 'node:path';
import { openDatabase } from '../../../sidecar/platform/database';
import { startProgram } from './child-program';
import { recordingLogger } from './recording-logger';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();

test('a process killed while it writes leaves a healthy database with every confirmed row and no half transaction', async () => {
  const file = path.join(directory(), 'store.db');
  const program = await startProgram('append-forever', directory(), file);
  let confirmed = 0;
  for await (const line of program.lines) {
    confirmed = Number(line);
    if (confirmed > 5000) break;
  }
  await program.kill();

  // Opening runs the quick check.
  const database = await openDatabase({ file, logger: recordingLogger() });
  const numbers: { n: number }[] = await database.read('rows').orderBy('n').select('n');
  expect(numbers.length).toBeGreaterThan(confirmed);
  expect(numbers.every(({ n }, index) => n === index)).toBe(true);
  const broken: object[] = await database.read('halves').groupBy('pair').havingRaw('count(*) <> 2').select('pair');
  expect(broken).toEqual([]);
  await database.close();
});
