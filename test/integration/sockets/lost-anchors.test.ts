/** An anchor that the upstream has lost reaches the client as the one error from which it heals (codex-wire 2.4, 2.5; codex-observed). */
import type { ErrorShape } from '../../fakes/upstream/frame-response';
import { usageLimit } from '../../fakes/upstream/error-faults';
import { toFrames, toHandshakes } from '../../fakes/upstream/recorder';
import { codexBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';
import { errorCodeOf, responseIdOf, WsClient } from '../harness/ws-client';

let stage: Stage;
let client: WsClient;

beforeAll(async () => {
  stage = await openStage({ accounts: 2, strict: true });
});
beforeEach(async () => {
  client = await WsClient.open(stage.sidecar.url('/backend-api/codex/responses'));
});
afterEach(() => client.close());
afterAll(() => stage.close());

const create = (more: Readonly<Record<string, unknown>> = {}): Json => ({
  type: 'response.create',
  ...codexBody('Hi', more),
});
const LOST = {
  type: 'error',
  status: 400,
  error: { code: 'previous_response_not_found', type: 'invalid_request_error' },
};

/** Says hello and returns the id to anchor on. */
const anchor = async (): Promise<string> => responseIdOf((await client.turn(create())).at(-1));

/** The upstream's store of responses goes with its sockets. */
async function loseSockets(): Promise<void> {
  stage.fake.sockets.breakAll();
  await eventually('the end of the upstream sockets', () =>
    stage.fake.sockets.records.every((record) => !record.open) ? true : undefined,
  );
}

test.each<ErrorShape>(['nested', 'status_code', 'flat', 'body', 'failed', 'no_code'])(
  'said by the upstream as %s, it is heard in the nested form, and the whole history then serves on the same socket',
  async (shape) => {
    stage.fake.sockets.errorShape = shape;
    const previous_response_id = await anchor();
    await loseSockets();
    const before = stage.fake.requests(toFrames).length;
    const [lost, ...more] = await client.turn(create({ previous_response_id }));
    expect(lost).toMatchObject(LOST);
    expect(more).toEqual([]);
    // A frame with nothing but a new user message would lose its history without the anchor: it is not sent again.
    expect(stage.fake.requests(toFrames)).toHaveLength(before + 1);
    expect((await client.turn(create())).at(-1)?.['type']).toBe('response.completed');
    expect(stage.fake.requests(toHandshakes).length).toBeGreaterThan(1);
  },
);

test('a usage limit on an anchored frame is no other account’s to answer: the client sends its history and moves', async () => {
  stage.fake.sockets.errorShape = 'nested';
  const previous_response_id = await anchor();
  const owner = stage.fake.requests(toFrames).at(-1)?.account;
  stage.fake.scripts.responses.next(usageLimit({ resetsInSeconds: 3600 }));
  const [refused] = await client.turn(create({ previous_response_id }));
  expect(errorCodeOf(refused)).toBe('previous_response_not_found');
  expect((await client.turn(create())).at(-1)?.['type']).toBe('response.completed');
  expect(stage.fake.requests(toFrames).at(-1)?.account?.name).not.toBe(owner?.name);
  expect(stage.fake.violations).toEqual([]);
});
