/**
 * Appends rows, and pairs of rows in transactions, to the database named on the command line until it is killed. After
 * every confirmed flush it prints the number of the last row.
 */
import type { Knex } from 'knex';
import { openDatabase } from '../../../../sidecar/platform/database';
import { insertFromJson } from '../../../../sidecar/platform/dialect';
import { migrate } from '../../../../sidecar/platform/migrate';
import { recordingLogger } from '../recording-logger';

const schema = {
  name: '0001-rows',
  up: async (knex: Knex): Promise<void> => {
    await knex.schema.createTable('rows', (table) => table.integer('n').primary());
    await knex.schema.createTable('halves', (table) => table.integer('pair'));
  },
};

async function main(file: string): Promise<void> {
  const logger = recordingLogger();
  const database = await openDatabase({ file, logger });
  await migrate(database, [schema], { logger });
  const target = { name: 'rows', statement: insertFromJson('rows', [{ column: 'n' }]) };
  for (let n = 0; ;) {
    for (const end = n + 50; n < end; n += 1) database.write.append(target, { n });
    const pair = n;
    void database.write.transaction(async (trx) => {
      await trx('halves').insert({ pair });
      await trx('halves').insert({ pair });
    });
    await database.write.flush();
    process.stdout.write(`${n - 1}\n`);
  }
}

void main(process.argv[2] ?? '');
