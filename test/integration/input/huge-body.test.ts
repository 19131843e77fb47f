/** A body of 200 MiB is refused with a JSON answer on every family, by length or by bytes; 100 MiB pass (design §11: 128 MiB). */
import http from 'node:http';
import { MIB } from '../../fakes/upstream/big-events';
import { toResponses } from '../../fakes/upstream/recorder';
import { codexBody, RESPONSE_ROUTES } from '../harness/bodies';
import { errorOf, callWhole } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
/** Kept connections, as clients have them by default. */
const agent = new http.Agent({ keepAlive: true });

beforeAll(async () => {
  stage = await openStage({ keepBodies: false });
});
afterEach(() => stage.sidecar.expectUnharmed());
afterAll(async () => {
  agent.destroy();
  await stage.close();
});

interface Refusal {
  readonly status: number;
  readonly body: string;
}

/** Sends `mebibytes` of body piece by piece, chunked unless a length is declared, and resolves with the answer. */
function sendPieces(path: string, mebibytes: number, declareLength: boolean): Promise<Refusal> {
  const piece = Buffer.alloc(MIB, 0x20);
  return new Promise((resolve, reject) => {
    const request = http.request(stage.sidecar.url(path), {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', ...(declareLength ? { 'content-length': mebibytes * MIB } : {}) },
    });
    let sent = 0;
    let answered = false;
    const push = (): void => {
      while (!answered && sent < mebibytes) {
        sent += 1;
        if (!request.write(piece)) return void request.once('drain', push);
      }
      if (!answered) request.end();
    };
    request.once('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', (error) => {
      if (!answered) reject(error);
    });
    push();
  });
}

const FAMILIES = [
  { path: '/backend-api/codex/responses', status: 400 },
  { path: '/v1/responses', status: 413 },
];

const CASES = FAMILIES.flatMap((family) => [true, false].map((declareLength) => ({ ...family, declareLength })));

test.each(CASES)(
  '$path refuses 200 MiB with $status (declared $declareLength)',
  async ({ path, status, declareLength }) => {
    const answer = await sendPieces(path, 200, declareLength);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'payload_too_large', message: expect.any(String) as string },
    });
  },
);

test('the control plane refuses far smaller bodies than that', async () => {
  const answer = await callWhole(stage.sidecar.url('/api/accounts/import'), {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stage.sidecar.adminToken}` },
    body: Buffer.concat([Buffer.from('{"authJson":"'), Buffer.alloc(130 * MIB, 0x61), Buffer.from('"}')]),
  });
  expect(answer.status).toBe(413);
  expect(errorOf(answer)).toMatchObject({ code: 'payload_too_large' });
});

test.each(RESPONSE_ROUTES)(
  '$path takes 100 MiB',
  async ({ path }) => {
    const big = codexBody('x'.repeat(100 * MIB));
    const answer = await stage.sidecar.post(path, big);
    expect(answer.status).toBe(200);
    expect(stage.fake.requests(toResponses).at(-1)?.status).toBe(200);
  },
  120_000,
);
