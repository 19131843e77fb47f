/** A socket whose client reads slowly cannot hear its pongs: it is not taken for dead (spec/proxy.md 5.4). */
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { SocketPool } from '../../../../sidecar/gateway/upstream/socket-pool';
import type { UpstreamSink, UpstreamTransport } from '../../../../sidecar/gateway/upstream/transport';
import { eventually } from '../../../integration/harness/eventually';

const LIVENESS_MS = 10_000;

let server: WebSocketServer;
let pool: SocketPool;
let nowMs = 1_000_000;
let looks = 0;
const accepted: WebSocket[] = [];

const http: UpstreamTransport = {
  send: () => {
    throw new Error('no call may go over HTTP here');
  },
  close: () => Promise.resolve(),
};

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    accepted.push(socket);
    socket.on('message', () => socket.send('first'));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  pool = new SocketPool({
    http,
    url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    agent: undefined,
    connectTimeoutMs: 10_000,
    livenessMs: LIVENESS_MS,
    rotateAfterMs: 3_600_000,
    lookEveryMs: 5,
    verdictOn: (frame) => (frame.toString() === 'last' ? 'ends_turn' : 'goes_on'),
    now: () => {
      looks += 1;
      return nowMs;
    },
  });
});
afterEach(async () => {
  await pool.close();
  for (const socket of accepted.splice(0)) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

/** Lets the pool look at its sockets a few times at this point of time. */
async function lookAfter(elapsedMs: number): Promise<void> {
  nowMs += elapsedMs;
  const from = looks;
  await eventually('three looks', () => (looks > from + 3 ? true : undefined));
}

test('nothing is heard for long after the client has stalled, and the answer goes on when it reads again', async () => {
  const seen: string[] = [];
  const sink: UpstreamSink = {
    onHead: (status) => seen.push(String(status)),
    onChunk: (chunk) => seen.push(chunk.toString()),
    onEnd: () => seen.push('end'),
    onError: (failure) => seen.push(failure.code),
  };
  const frame = Buffer.from('{"type":"response.create"}');
  const call = pool.send(
    {
      method: 'POST',
      path: '/',
      headers: [],
      body: null,
      socket: {
        conversation: 'c',
        accountId: 'a',
        headers: [],
        frame,
        isPrewarm: false,
        isAnchored: false,
        httpBody: () => frame,
      },
    },
    sink,
  );
  await eventually('the first frame', () => (seen.includes('first') ? true : undefined));
  call.pause();
  await lookAfter(LIVENESS_MS * 0.6);
  await lookAfter(LIVENESS_MS);
  await lookAfter(LIVENESS_MS);
  call.resume();
  accepted[0]?.send('last');
  await eventually('the end', () => (seen.length > 3 || seen.includes('upstream_unavailable') ? true : undefined));
  expect(seen).toEqual(['101', 'first', 'last', 'end']);
});
