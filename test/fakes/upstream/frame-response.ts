/**
 * Shows an answer as frames: the data of each event is one text frame, a refusal is an `error` frame. So every reply and fault
 * verb written for HTTP works on a WebSocket, too.
 */
import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import type { AnswerSink, Break, HeaderSet } from './answer-sink';
import { asJsonObject, asText, type JsonObject } from './json-value';

/** The shapes in which upstream was seen to refuse a frame (codex-wire 2.5). */
export type ErrorShape = 'nested' | 'status_code' | 'flat' | 'body' | 'failed' | 'no_code';

/** What an answer tells the socket it is sent on. */
export interface FrameObserver {
  sent(event: JsonObject): void;
}

const TERMINAL = new Set(['response.completed', 'response.failed', 'response.incomplete', 'error']);

export class FrameResponse extends EventEmitter implements AnswerSink {
  headersSent = false;
  statusCode = 200;
  writableFinished = false;
  destroyed = false;
  private isStream = false;
  private headers: HeaderSet = {};
  private pending = '';
  private sawTerminal = false;
  private readonly onGone = (): void => this.over();

  constructor(
    private readonly socket: WebSocket,
    private readonly shape: ErrorShape,
    private readonly observer: FrameObserver,
  ) {
    super();
    socket.once('close', this.onGone);
  }

  writeHead(status: number, headers: HeaderSet = {}): this {
    this.headersSent = true;
    this.statusCode = status;
    this.headers = headers;
    this.isStream = (headers['content-type'] ?? '').startsWith('text/event-stream');
    return this;
  }

  flushHeaders(): void {
    this.headersSent = true;
  }

  write(bytes: Buffer | string, done: () => void = () => undefined): boolean {
    this.pending += bytes.toString();
    const events = this.pending.split(/\r\n\r\n|\n\n|\r\r/);
    this.pending = events.pop() ?? '';
    const frames = events.map(dataOf).filter((data) => data !== '');
    if (frames.length === 0) {
      done();
      return true;
    }
    frames.forEach((frame, index) => this.send(frame, index === frames.length - 1 ? done : undefined));
    if (this.socket.bufferedAmount < 1024 * 1024) return true;
    setTimeout(() => this.emit('drain'), 5);
    return false;
  }

  end(bytes: Buffer | string = ''): void {
    if (this.destroyed || this.writableFinished) return;
    this.writableFinished = true;
    if (!this.isStream) this.send(errorFrame(this.shape, this.statusCode, bytes.toString(), this.headers));
    else if (!this.sawTerminal) this.socket.close(1000);
    this.over();
  }

  cut(how: Break): void {
    if (typeof how === 'number') this.socket.close(how, 'cut by the fake');
    else this.socket.terminate();
  }

  destroy(): void {
    this.socket.terminate();
    this.over();
  }

  private send(frame: string, done?: () => void): void {
    if (this.socket.readyState !== this.socket.OPEN) {
      done?.();
      return;
    }
    const event = asJsonObject(JSON.parse(frame) as unknown);
    this.sawTerminal ||= TERMINAL.has(asText(event['type']) ?? '');
    this.observer.sent(event);
    this.socket.send(frame, () => done?.());
  }

  private over(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.socket.off('close', this.onGone);
    this.emit('close');
  }
}

function dataOf(event: string): string {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice(5).trimStart()).join('\n');
}

/** A refusal of HTTP in one of the shapes of a frame. */
function errorFrame(shape: ErrorShape, status: number, body: string, headers: HeaderSet): string {
  const parsed = parseBody(body);
  const error = asJsonObject(parsed['error'] ?? { message: parsed['detail'], type: 'invalid_request_error' });
  const shown = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-')));
  switch (shape) {
    case 'flat':
      return JSON.stringify({ type: 'error', status_code: status, ...withoutType(error) });
    case 'body':
      return JSON.stringify({ type: 'error', status, body: { error }, headers: shown });
    case 'status_code':
      return JSON.stringify({ type: 'error', status_code: status, error, headers: shown });
    case 'failed':
      return JSON.stringify({ type: 'response.failed', response: { id: 'resp_refused', status: 'failed', error } });
    case 'no_code':
      return JSON.stringify({ type: 'error', status, error: withoutCode(error), headers: shown });
    case 'nested':
      return JSON.stringify({ type: 'error', status, error, headers: shown });
  }
}

/** A refused anchor that only its sentence tells (codex-wire 2.4). */
function withoutCode(error: JsonObject): JsonObject {
  if (error['code'] !== 'previous_response_not_found') return error;
  return { ...error, code: null, message: 'Invalid `previous_response_id`.' };
}

/** The frame's own `type` takes the place. */
function withoutType({ type: _type, ...error }: JsonObject): JsonObject {
  return error;
}

function parseBody(body: string): JsonObject {
  try {
    return asJsonObject(JSON.parse(body) as unknown);
  } catch {
    return { detail: body };
  }
}
