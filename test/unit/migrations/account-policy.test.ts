import path from 'node:path';
import { MIGRATIONS } from '../../../migrations/index';
import { openDatabase } from '../../../sidecar/platform/database';
import { migrate } from '../../../sidecar/platform/migrate';
import { recordingLogger } from '../platform/recording-logger';
import { temporaryDirectory } from '../platform/temp-directory';

const directory = temporaryDirectory();

test('accounts of an earlier schema get no policy, no alias, no tags and no open refresh', async () => {
  const logger = recordingLogger();
  const database = await openDatabase({ file: path.join(directory(), 'store.db'), logger });
  const position = MIGRATIONS.findIndex(({ name }) => name === '0004-account-policy');
  await migrate(database, MIGRATIONS.slice(0, position), { logger });
  await database.write.transaction(async (trx) => {
    await trx('accounts').insert({
      id: 'a',
      provider: 'openai',
      identity_key: 'k',
      created_at_ms: 1,
      updated_at_ms: 1,
    });
  });
  await migrate(database, MIGRATIONS, { logger });
  expect(await database.read('accounts').first()).toMatchObject({
    id: 'a',
    alias: null,
    tags: '[]',
    routing_mode: 'normal',
    max_used_percent: null,
    max_concurrent: null,
    token_refresh_failures: 0,
    token_refresh_intent_hash: null,
    token_refresh_intent_at_ms: null,
  });
  await database.close();
});
