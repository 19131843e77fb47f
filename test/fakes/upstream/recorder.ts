/** Everything that reached the fake, in order of arrival, and waits on it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { AccountState } from './account-state';

/** How a request ended, seen from the fake: it answered to the end, the client left first, or the fake cut it. */
export type Ending = 'answered' | 'client_closed' | 'cut_by_fake';

/** One upstream WebSocket. */
export interface SocketRecord {
  /** 0 for the first socket of the fake. */
  readonly index: number;
  /** Frames that are no `response.create`, as they came. */
  readonly otherFrames: string[];
  open: boolean;
  /** Close code that the peer sent, or that its absence stands for (1005, 1006); `null` while open. */
  closeCode: number | null;
}

export interface RecordedRequest {
  /** 0 for the first request of the fake. */
  readonly index: number;
  /** UTC ms. */
  readonly arrivedAtMs: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value… exactly as sent. */
  readonly rawHeaders: readonly string[];
  /** Bytes as they came over the wire. */
  body: Buffer;
  /** After undoing `content-encoding`. */
  decodedBody: Buffer;
  /** The decoded body as JSON; `undefined` when it is none. */
  json: unknown;
  /** Input items as the backend sees them: those of the anchored responses and their outputs, then the request's own. */
  history: readonly unknown[];
  /** The WebSocket of a frame or handshake; `null` for a plain request. */
  socket: SocketRecord | null;
  account: AccountState | null;
  /** Status of the answer; `null` while there is none. */
  status: number | null;
  closedByClient: boolean;
  /** UTC ms of the end; `null` while it runs. */
  endedAtMs: number | null;
  readonly ended: Promise<Ending>;
}

export type RequestFilter = (request: RecordedRequest) => boolean;

interface Waiter {
  readonly filter: RequestFilter;
  readonly count: number;
  readonly resolve: (found: RecordedRequest[]) => void;
  readonly reject: (reason: Error) => void;
}

/** Model calls: `POST /backend-api/codex/responses`, and the frames of its WebSockets. */
export const toResponses: RequestFilter = (request) =>
  request.path === '/backend-api/codex/responses' && request.method !== 'GET';

/** `response.create` frames, prewarms included. */
export const toFrames: RequestFilter = (request) => request.method === 'FRAME';

/** Upgrades of WebSockets. */
export const toHandshakes: RequestFilter = (request) => request.method === 'GET' && request.socket !== null;

/** Requests whose path is exactly this. */
export function toPath(path: string): RequestFilter {
  return (request) => request.path === path;
}

export class Recorder {
  readonly requests: RecordedRequest[] = [];
  private waiters: Waiter[] = [];

  add(request: RecordedRequest): void {
    this.requests.push(request);
    this.waiters = this.waiters.filter((waiter) => {
      const found = this.requests.filter(waiter.filter);
      if (found.length < waiter.count) return true;
      waiter.resolve(found);
      return false;
    });
  }

  matching(filter: RequestFilter): RecordedRequest[] {
    return this.requests.filter(filter);
  }

  /** Resolves when at least `count` requests match, past ones included. Rejects when the fake closes first. */
  wait(filter: RequestFilter, count = 1): Promise<RecordedRequest[]> {
    const found = this.requests.filter(filter);
    if (found.length >= count) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      this.waiters.push({ filter, count, resolve, reject });
    });
  }

  close(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const waiter of waiters) {
      waiter.reject(new Error(`fake upstream closed while a test waited for ${waiter.count} request(s)`));
    }
  }
}
