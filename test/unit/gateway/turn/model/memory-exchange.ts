/** One HTTP exchange without a network: a request of Node's own class and a response whose bytes are kept. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

export interface MemoryExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the client has been sent so far; status 0 = nothing. */
  received(): { readonly status: number; readonly head: string; readonly body: string };
  /** How much that is, bytes with its head. */
  readonly size: number;
  /** The client goes away. */
  leave(): void;
}

/** A client's socket: keeps what is written to it. */
class KeepingSocket extends Socket {
  readonly #chunks: Buffer[] = [];
  size = 0;

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    this.#chunks.push(bytes);
    this.size += bytes.length;
    done();
  }

  override _writev(
    chunks: { chunk: Buffer | string; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    for (const { chunk, encoding } of chunks) this._write(chunk, encoding, () => undefined);
    done();
  }
}

/** `POST path` with this body. The answer comes as for HTTP/1.0: without chunks, so that its bytes can be read as they are. */
export function openExchange(path: string, headers: Readonly<Record<string, string>>, body: string): MemoryExchange {
  const socket = new KeepingSocket();
  const request = new IncomingMessage(socket);
  request.method = 'POST';
  request.url = path;
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 0;
  request.headers = { ...headers };
  request.rawHeaders = Object.entries(headers).flat();
  request.complete = true;
  request.push(body);
  request.push(null);
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  return {
    request,
    response,
    received: () => {
      const [head = '', ...rest] = socket.text.split('\r\n\r\n');
      return { status: Number(head.split(' ')[1] ?? 0), head, body: rest.join('\r\n\r\n') };
    },
    get size() {
      return socket.size;
    },
    leave: () => socket.destroy(),
  };
}
