/** The transport against servers that behave well and badly, over real sockets. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createDirectTransport } from '../../../../../sidecar/gateway/upstream/http1/direct-transport';
import type {
  TransportFailure,
  UpstreamCall,
  UpstreamRequest,
  UpstreamTransport,
} from '../../../../../sidecar/gateway/upstream/transport';

type Behaviour = (socket: Socket, nthRequest: number) => void;

interface Outcome {
  status: number | null;
  body: string;
  failure: TransportFailure | null;
}

const REQUEST: UpstreamRequest = { method: 'POST', path: '/x', headers: ['a', 'b'], body: Buffer.from('hello') };
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let server: Server;
let sockets: Set<Socket>;
let connections: number;
let transport: UpstreamTransport;

/** Answers each request (they all end with `hello`) as told. */
async function serve(behaviour: Behaviour, scheme = 'http', connectTimeoutMs = 5000): Promise<void> {
  sockets = new Set();
  connections = 0;
  let requests = 0;
  server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let seen = '';
    socket.on('data', (bytes: Buffer) => {
      seen += bytes.toString('latin1');
      if (!seen.endsWith('hello')) return;
      seen = '';
      behaviour(socket, requests++);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  transport = createDirectTransport({ origin: `${scheme}://127.0.0.1:${String(port)}`, connectTimeoutMs });
}

afterEach(async () => {
  await transport.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});

function send(onChunk: (call: UpstreamCall) => void = () => undefined): Promise<Outcome> {
  return new Promise((resolve) => {
    const outcome: Outcome = { status: null, body: '', failure: null };
    const call: UpstreamCall = transport.send(REQUEST, {
      onHead: (status) => {
        outcome.status = status;
      },
      onChunk: (chunk) => {
        outcome.body += chunk.toString('latin1');
        onChunk(call);
      },
      onEnd: () => resolve(outcome),
      onError: (failure) => resolve({ ...outcome, failure }),
    });
  });
}

test('a connection that is free again carries the next call', async () => {
  await serve((socket) => socket.write(OK));
  expect(await send()).toEqual({ status: 200, body: 'ok', failure: null });
  expect(await send()).toEqual({ status: 200, body: 'ok', failure: null });
  expect(connections).toBe(1);
});

test('calls at the same time have a connection each', async () => {
  await serve((socket) => socket.write(OK));
  await Promise.all([send(), send(), send()]);
  expect(connections).toBe(3);
});

test('a body that ends with the connection is whole', async () => {
  await serve((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'));
  expect(await send()).toEqual({ status: 200, body: 'all of it', failure: null });
});

test('a kept connection that was closed meanwhile fails as a request, and the next call has a new one', async () => {
  await serve((socket, nth) => (nth === 1 ? socket.destroy() : socket.write(OK)));
  await send();
  expect((await send()).failure).toMatchObject({ code: 'upstream_unavailable', phase: 'request' });
  expect((await send()).body).toBe('ok');
  expect(connections).toBe(2);
});

test('an answer cut in its body fails as an answer', async () => {
  await serve((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'));
  const { body, failure } = await send();
  expect(body).toBe('half');
  expect(failure).toMatchObject({ phase: 'response', detail: 'UPSTREAM_CLOSED' });
});

test('bytes behind an answer cost the connection, not the answer', async () => {
  await serve((socket) => socket.write(`${OK}HTTP/1.1 200 OK\r\n`));
  expect(await send()).toEqual({ status: 200, body: 'ok', failure: null });
  expect((await send()).body).toBe('ok');
  expect(connections).toBe(2);
});

test('an answer that is no HTTP is a failure with a name', async () => {
  await serve((socket) => socket.write('220 smtp.test ESMTP\r\n\r\n'));
  expect((await send()).failure).toMatchObject({ detail: 'UPSTREAM_PROTOCOL_ERROR' });
});

test('nobody listens', async () => {
  await serve(() => undefined);
  server.close();
  for (const socket of sockets) socket.destroy();
  await once(server, 'close');
  expect((await send()).failure).toMatchObject({ phase: 'connect', detail: 'ECONNREFUSED' });
});

test('a handshake that never ends is given up', async () => {
  await serve(() => undefined, 'https', 50);
  expect((await send()).failure).toEqual({ code: 'upstream_request_timeout', phase: 'connect', detail: 'ETIMEDOUT' });
});

test('an aborted call is silent and gives its connection up', async () => {
  await serve((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'));
  const heard: string[] = [];
  const closed = new Promise<void>((resolve) => {
    server.once('connection', (socket: Socket) => socket.once('close', () => resolve()));
  });
  const call: UpstreamCall = transport.send(REQUEST, {
    onHead: () => heard.push('head'),
    onChunk: () => {
      heard.push('chunk');
      call.abort();
      call.abort();
    },
    onEnd: () => heard.push('end'),
    onError: () => heard.push('error'),
  });
  await closed;
  expect(heard).toEqual(['head', 'chunk']);
});

test('a paused call reads on where it stopped', async () => {
  const whole = 'x'.repeat(3_000_000);
  await serve((socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${String(whole.length)}\r\n\r\n${whole}`));
  const outcome = await send((call) => {
    call.pause();
    setImmediate(() => call.resume());
  });
  expect(outcome.body.length).toBe(whole.length);
});

test('closing the transport ends open calls', async () => {
  await serve(() => void transport.close());
  expect((await send()).failure).toMatchObject({ code: 'upstream_unavailable' });
});
