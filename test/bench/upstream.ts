/** The bench's upstream: `node:net` and canned bytes, so that what is measured is the system in front of it. */
import net from 'node:net';
import { floorCatalogue } from '../fakes/upstream/catalogue-entry';
import { PacedStreams } from './load/paced-streams';
import { announceReady, serveCalls } from './processes/control';
import { cannedAnswer } from './wire/answer-bytes';
import { MessageReader } from './wire/message-reader';
import { createMonotonicClock } from './wire/monotonic-clock';

/** What the next requests are answered with. */
export type AnswerMode =
  { readonly kind: 'whole'; readonly deltas: number } | { readonly kind: 'paced'; readonly intervalMs: number };

export interface UpstreamFacts {
  readonly openSockets: number;
  readonly openStreams: number;
}

export interface UpstreamOperations {
  readonly answerWith: { readonly args: AnswerMode; readonly result: null };
  /** Completes every paced stream. */
  readonly finishStreams: { readonly args: null; readonly result: null };
  readonly facts: { readonly args: null; readonly result: UpstreamFacts };
}

/** Model list as the sidecar asks for it (codex-wire 2.8). */
const MODELS = jsonAnswer('200 OK', { models: floorCatalogue() });
/** Logins of the bench are fresh; whoever asks for tokens or usage all the same is told to come later, which harms no account. */
const LATER = jsonAnswer('503 Service Unavailable', { detail: 'not part of the bench' });

function jsonAnswer(status: string, value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

class BenchUpstream {
  readonly #sockets = new Set<net.Socket>();
  readonly #streams = new PacedStreams(createMonotonicClock());
  #whole: readonly Buffer[] | null = cannedAnswer(1);

  readonly accept = (socket: net.Socket): void => {
    this.#sockets.add(socket);
    let firstLine = '';
    const reader = new MessageReader({
      head: (text) => {
        firstLine = text.slice(0, text.indexOf('\r'));
      },
      piece: () => undefined,
      end: () => this.#answer(socket, firstLine),
    });
    socket.on('data', (chunk: Buffer) => reader.feed(chunk));
    // A reset by the system under test is its right; what it loses is noticed by the client.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#streams.drop(socket);
    });
  };

  answerWith(mode: AnswerMode): null {
    this.#whole = mode.kind === 'whole' ? cannedAnswer(mode.deltas) : null;
    if (mode.kind === 'paced') this.#streams.pace(mode.intervalMs);
    return null;
  }

  finishStreams(): null {
    this.#streams.finishAll();
    return null;
  }

  facts(): UpstreamFacts {
    return { openSockets: this.#sockets.size, openStreams: this.#streams.size };
  }

  #answer(socket: net.Socket, firstLine: string): void {
    if (firstLine.startsWith('GET ')) socket.write(firstLine.includes('/models') ? MODELS : LATER);
    else if (firstLine.includes('/oauth/')) socket.write(LATER);
    else if (this.#whole === null) this.#streams.open(socket);
    else for (const bytes of this.#whole) socket.write(bytes);
  }
}

/** Plays the role `upstream`. */
export function runUpstream(): void {
  const upstream = new BenchUpstream();
  const server = net.createServer({ noDelay: true }, upstream.accept);
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
    const address = server.address();
    announceReady({ port: typeof address === 'object' && address !== null ? address.port : 0 });
  });
  serveCalls<UpstreamOperations>({
    answerWith: (mode) => upstream.answerWith(mode),
    finishStreams: () => upstream.finishStreams(),
    facts: () => upstream.facts(),
  });
}
