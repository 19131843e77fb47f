/** A copy of the database is made while requests run, and comes back with the next start. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { codexBody } from '../harness/bodies';
import type { Json } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

describe('backup and restore', () => {
  let fake: FakeUpstream;
  let folder: TempFolder;

  beforeAll(async () => {
    fake = await startFakeUpstream({ accounts: 1 });
    folder = await makeTempFolder();
  });

  afterAll(async () => {
    await folder.remove();
    await fake.close();
  });

  it('bring accounts, settings and the log back as they were, and keep what was replaced', async () => {
    const first = await Sidecar.start({ fake, dataFolder: folder.path });
    let backup: Json;
    try {
      const [account] = await first.importAccounts(fake.accounts);
      await first.post('/backend-api/codex/responses', codexBody());
      const made = await first.admin('POST', '/api/backup');
      expect(made.status).toBe(201);
      backup = made.json;
      expect((await first.admin('GET', '/api/backup')).json).toEqual({ backups: [backup] });
      await first.admin('DELETE', `/api/accounts/${String(account?.['accountId'])}`);
      await first.admin('PUT', '/api/settings', { theme: 'dark' });
      expect((await first.admin('POST', '/api/restore', { name: backup['name'] })).json).toEqual({
        status: 'restart_required',
        name: backup['name'],
      });
      await first.stop();
    } finally {
      await first.discard();
    }

    const second = await Sidecar.start({ fake, dataFolder: folder.path });
    try {
      expect((await second.admin('GET', '/api/accounts')).json).toMatchObject({ accounts: [{ status: 'active' }] });
      expect((await second.admin('GET', '/api/settings')).json).toMatchObject({ theme: 'auto' });
      expect((await second.admin('GET', '/api/logs')).json).toMatchObject({ total: 1 });
      expect((await second.post('/backend-api/codex/responses', codexBody())).status).toBe(200);
      await access(path.join(folder.path, 'store.db.before-restore'));
      for (const name of ['../store.db', 'backup-1.db', 'backup-0000000000000.db', 'store.db']) {
        expect((await second.admin('POST', '/api/restore', { name })).json).toMatchObject({
          error: { code: 'backup_not_found' },
        });
      }
      await second.stop();
    } finally {
      await second.discard();
    }
  });
});
