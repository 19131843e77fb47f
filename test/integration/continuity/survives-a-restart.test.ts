/** Who owns what is known again after kill −9 (issue 4, point 4). */
import { textAnswer } from '../../fakes/upstream/answers';
import { startFakeUpstream } from '../../fakes/upstream/fake-upstream';
import { reply } from '../../fakes/upstream/reply';
import { codexBody } from '../harness/bodies';
import { jsonOf } from '../harness/sse-parser';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder } from '../harness/temp-folder';

type Item = Readonly<Record<string, unknown>>;
const ROUTE = '/backend-api/codex/responses';

test('ciphertext still goes to its account', async () => {
  const folder = await makeTempFolder();
  const fake = await startFakeUpstream({ accounts: 4, strict: true });
  fake.scripts.responses.always(reply({ events: () => textAnswer(['hi'], { reasoning: true }) }));
  let sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  try {
    await sidecar.importAccounts(fake.accounts);
    const stream = await sidecar.stream(ROUTE, codexBody('one'), { 'x-request-id': 'first' });
    const events = (await stream.rest()).map(jsonOf);
    const items = events.flatMap((event) =>
      event.type === 'response.output_item.done' ? [event['item'] as Item] : [],
    );
    // Its row is in the table, and so is what was appended before it.
    await sidecar.logRow('first');
    await sidecar.kill9();
    sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
    for (let turn = 0; turn < 4; turn += 1) {
      const answer = await sidecar.post(ROUTE, codexBody('', { input: items }));
      expect(answer.status).toBe(200);
      expect(answer.headers['x-tightrope-routed-account-id']).toBe(
        stream.answer.headers['x-tightrope-routed-account-id'],
      );
    }
    expect(fake.violations).toEqual([]);
    await sidecar.stop();
  } finally {
    await sidecar.discard();
    await fake.close();
    await folder.remove();
  }
});
