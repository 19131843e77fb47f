/** Whose file it is is known again after kill −9: file calls carry no thread that could tell (codex-wire 2.10 "Files"). */
import { startFakeUpstream } from '../../fakes/upstream/fake-upstream';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder } from '../harness/temp-folder';

const ROUTED = 'x-tightrope-routed-account-id';

test('the call that ends an upload finds the owner', async () => {
  const folder = await makeTempFolder();
  const fake = await startFakeUpstream({ accounts: 4, strict: true });
  let sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  try {
    await sidecar.importAccounts(fake.accounts);
    const body = { file_name: 'a.txt', file_size: 5, use_case: 'codex' };
    const made = await sidecar.post('/backend-api/files', body, { 'x-request-id': 'made' });
    // Its row is in the table, and so is what was appended before it.
    await sidecar.logRow('made');
    await sidecar.kill9();
    sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
    const uploaded = await sidecar.post(`/backend-api/files/${String(made.json['file_id'])}/uploaded`, {});
    expect({ status: uploaded.status, account: uploaded.headers[ROUTED] }).toEqual({
      status: 200,
      account: made.headers[ROUTED],
    });
    await sidecar.stop();
  } finally {
    await sidecar.discard();
    await fake.close();
    await folder.remove();
  }
});
