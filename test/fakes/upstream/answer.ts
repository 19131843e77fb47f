/** Whole (non-streamed) answers and bounded waits. */
import type { AnswerSink, HeaderSet } from './answer-sink';

export type { HeaderSet };

/** Sends a JSON body with its length. */
export function sendJson(response: AnswerSink, status: number, body: unknown, headers: HeaderSet = {}): void {
  sendBytes(response, status, 'application/json', Buffer.from(JSON.stringify(body)), headers);
}

/** Sends a body of any type with its length. */
export function sendBytes(
  response: AnswerSink,
  status: number,
  contentType: string,
  body: Buffer,
  headers: HeaderSet = {},
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': String(body.length), ...headers });
  response.end(body);
}

/** Resolves after `ms` milliseconds, or at once when the signal fires. `ms` 0 = at once. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish);
  });
}

/** Resolves when the signal fires: how a behaviour keeps silent. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
