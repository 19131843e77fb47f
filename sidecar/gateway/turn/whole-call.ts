/** One call to one account outside of selection, as a promise: for what is asked of an account because of who it is. */
import type { CoarseTimers } from '../../platform/coarse-timers';
import { TightropeError } from '../../platform/errors';
import type { UpstreamRequest, UpstreamTransport } from '../upstream/transport';
import type { WholeReply } from './body-answer';

export interface WholeCallServices {
  readonly transport: UpstreamTransport;
  readonly timers: CoarseTimers;
  /** Longest the call may take, ms. */
  readonly callBudgetMs: number;
}

/** Answers of single accounts are lists of a few entries. */
const LIMIT_BYTES = 1024 * 1024;

/** @throws TightropeError `upstream_unavailable`, `upstream_request_timeout`, `upstream_response_too_large`, `client_disconnected` */
export function wholeCall(
  { transport, timers, callBudgetMs }: WholeCallServices,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<WholeReply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let head: Pick<WholeReply, 'status' | 'headers'> = { status: 0, headers: [] };
    const settle = (): void => {
      budget.cancel();
      signal.removeEventListener('abort', leave);
    };
    const give = (error: TightropeError): void => {
      settle();
      call.abort();
      reject(error);
    };
    const leave = (): void => give(new TightropeError('client_disconnected'));
    const budget = timers.arm(callBudgetMs, () => give(new TightropeError('upstream_request_timeout')));
    const call = transport.send(request, {
      onHead: (status, headers) => {
        head = { status, headers };
      },
      onChunk: (chunk) => {
        bytes += chunk.length;
        if (bytes > LIMIT_BYTES) give(new TightropeError('upstream_response_too_large'));
        else chunks.push(chunk);
      },
      onEnd: () => {
        settle();
        resolve({ ...head, body: Buffer.concat(chunks, bytes) });
      },
      onError: ({ code }) => {
        settle();
        reject(new TightropeError(code));
      },
    });
    signal.addEventListener('abort', leave, { once: true });
  });
}
