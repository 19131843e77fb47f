/** Where a behaviour writes its answer: an HTTP response, or a WebSocket that shows it as frames. */
import type { EventEmitter } from 'node:events';

export type HeaderSet = Readonly<Record<string, string>>;

/** How an answer is broken off on purpose; a number is the code of a WebSocket's close frame (over HTTP: `close`). */
export type Break = 'reset' | 'close' | number;

/** The part of `ServerResponse` that behaviours use. */
export interface AnswerSink extends EventEmitter {
  readonly headersSent: boolean;
  readonly statusCode: number;
  readonly writableFinished: boolean;
  readonly destroyed: boolean;
  writeHead(status: number, headers?: HeaderSet): AnswerSink;
  flushHeaders(): void;
  write(bytes: Buffer | string, done?: () => void): boolean;
  end(bytes?: Buffer | string): unknown;
  destroy(): unknown;
}
