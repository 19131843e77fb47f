/** A database with one table to append to, for tests of the write queue. */
import path from 'node:path';
import { openDatabase, type AppendTarget, type Database } from '../../../sidecar/platform/database';
import { insertFromJson } from '../../../sidecar/platform/dialect';
import type { WriteQueueLimits } from '../../../sidecar/platform/write-queue';
import { recordingLogger, type RecordingLogger } from './recording-logger';

/** Rows `{ id, note }`, `note` must not be null. */
export const ROWS: AppendTarget = {
  name: 'rows',
  statement: insertFromJson('rows', [{ column: 'id' }, { column: 'note' }]),
};

/** An open database and what it logs. */
export interface QueueFixture {
  readonly database: Database;
  readonly logger: RecordingLogger;
  /** Ids of all rows in the order of their insertion. */
  ids(): Promise<string[]>;
}

/** Opens `store.db` in `directory`; the table is created when missing. */
export async function openQueue(directory: string, limits: Partial<WriteQueueLimits> = {}): Promise<QueueFixture> {
  const logger = recordingLogger();
  const database = await openDatabase({ file: path.join(directory, 'store.db'), logger, limits });
  await database.write.transaction(async (trx) => {
    await trx.schema.createTable('rows', (table) => {
      table.increments('seq');
      table.text('id').unique();
      table.text('note').notNullable();
    });
  });
  return {
    database,
    logger,
    ids: async () => {
      const rows: { id: string }[] = await database.read('rows').orderBy('seq').select('id');
      return rows.map(({ id }) => id);
    },
  };
}
