/** A reader of a live socket that does not read: real sockets, because what matters is what stays in the process. */
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { MAX_WAITING_BYTES } from '../../../sidecar/live/bounded-socket';
import { SocketReaders } from '../../../sidecar/live/socket-readers';
import { eventually } from '../../integration/harness/eventually';

const MESSAGE = Buffer.alloc(4096, 'x');
const RESYNC = Buffer.from('resync');

describe('a reader that does not keep up', () => {
  let server: WebSocketServer;
  let readers: SocketReaders;
  let accepted: WebSocket[];

  beforeEach(async () => {
    readers = new SocketReaders();
    accepted = [];
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket: WebSocket) => {
      accepted.push(socket);
      readers.add(socket, () => RESYNC);
    });
    await new Promise((resolve) => server.once('listening', resolve));
  });

  afterEach(async () => {
    await readers.close();
    await new Promise((resolve) => server.close(resolve));
  });

  async function connect(): Promise<{ readonly socket: WebSocket; readonly heard: string[] }> {
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    await new Promise((resolve) => socket.once('open', resolve));
    return { socket, heard };
  }

  it('is held to a bound, told when it is back, and costs the others nothing', async () => {
    const slow = await connect();
    const fast = await connect();
    await eventually('both are accepted', () => (readers.size === 2 ? true : undefined));
    slow.socket.pause();

    // 40 MB in all: far more than the bound and the kernel's buffers.
    const rounds = 10_000;
    for (let round = 0; round < rounds; round += 1) {
      readers.send(MESSAGE, false);
      if (round % 50 === 0) await new Promise(setImmediate);
      await eventually('the fast one has read', () => (fast.heard.length > round - 100 ? true : undefined));
    }
    await eventually('the fast one has all', () => (fast.heard.length === rounds ? true : undefined));
    expect(fast.heard).not.toContain(String(RESYNC));
    for (const socket of accepted) expect(socket.bufferedAmount).toBeLessThanOrEqual(MAX_WAITING_BYTES);

    slow.socket.resume();
    await eventually('what waited has been read', () =>
      accepted.every((socket) => socket.bufferedAmount === 0) ? true : undefined,
    );
    readers.send(Buffer.from('after'), false);
    await eventually('it hears again', () => (slow.heard.at(-1) === 'after' ? true : undefined));
    expect(slow.heard.at(-2)).toBe(String(RESYNC));
    expect(slow.heard.length).toBeLessThan(rounds);
  });

  it('is said goodbye to with a code that means "come back later"', async () => {
    const { socket } = await connect();
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await eventually('it is accepted', () => (readers.size === 1 ? true : undefined));
    await readers.close();
    expect(await closed).toBe(1001);
    expect(readers.size).toBe(0);
  });

  it('is cut off when it does not answer the goodbye', async () => {
    const { socket } = await connect();
    await eventually('it is accepted', () => (readers.size === 1 ? true : undefined));
    socket.pause();
    await readers.close();
    await eventually('it is gone', () => (accepted[0]?.readyState === WebSocket.CLOSED ? true : undefined));
    socket.terminate();
  });
});
