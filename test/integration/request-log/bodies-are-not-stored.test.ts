/** Prompts and answers leave no trace on disk or in the log, not even when something goes wrong (design §5). */
import { textAnswer } from '../../fakes/upstream/answers';
import { payloadRejected } from '../../fakes/upstream/error-faults';
import { reply } from '../../fakes/upstream/reply';
import { cutMidText } from '../../fakes/upstream/stream-faults';
import { codexBody } from '../harness/bodies';
import { findLeaks } from '../harness/secret-scan';
import { openStage, type Stage } from '../harness/stage';

const PROMPT = 'canary-prompt-7f3a';
const ANSWER = 'canary-answer-91bc';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2, args: ['--log-level', 'debug'] });
});
afterEach(() => stage.close());

test('after good, rejected and broken turns', async () => {
  const body = codexBody(PROMPT);
  stage.fake.scripts.responses.next(reply({ events: textAnswer([ANSWER]) }), payloadRejected(), cutMidText());
  for (const id of ['kept-1', 'kept-2', 'kept-3']) {
    await stage.sidecar.post('/backend-api/codex/responses', body, { 'x-request-id': id });
  }
  await stage.sidecar.call('/v1/responses', { method: 'POST', body: `{"model":"gpt-5.5","input":"${PROMPT}` });
  for (const id of ['kept-1', 'kept-2', 'kept-3']) await stage.sidecar.logRow(id);
  const { stdout, stderr } = stage.sidecar.program;
  expect(await findLeaks([PROMPT, ANSWER], { stdout, stderr }, stage.sidecar.dataFolder)).toEqual([]);
});
