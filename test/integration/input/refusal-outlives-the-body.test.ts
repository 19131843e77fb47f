/** A body refused early is still answered when the client asked to close: the connection may not go while it is sending (RFC 9112 9.6). */
import http from 'node:http';
import { MIB } from '../../fakes/upstream/big-events';
import { openStage, type Stage } from '../harness/stage';

/** The failure is a race: this many tries do not miss it. */
const TRIES = 20;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ importAll: false });
});
afterAll(() => stage.close());

/** Posts `mebibytes` with a declared length over a connection that closes after the answer. */
function post(path: string, mebibytes: number): Promise<number | string> {
  return new Promise((resolve) => {
    const request = http.request(stage.sidecar.url(path), {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${stage.sidecar.adminToken}`,
        'content-length': mebibytes * MIB,
      },
    });
    request.once('response', (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    request.once('error', (error) => resolve(error.message));
    request.end(Buffer.alloc(mebibytes * MIB, 0x20));
  });
}

test.each([
  { path: '/v1/responses', mebibytes: 140, status: 413 },
  { path: '/backend-api/codex/responses', mebibytes: 140, status: 400 },
  { path: '/api/accounts/import', mebibytes: 20, status: 413 },
])('$path says $status every time', async ({ path, mebibytes, status }) => {
  const seen = new Set<number | string>();
  for (let turn = 0; turn < TRIES; turn += 1) seen.add(await post(path, mebibytes));
  expect([...seen]).toEqual([status]);
});
