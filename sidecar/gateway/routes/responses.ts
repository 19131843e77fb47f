/** `POST /v1/responses` and `POST /backend-api/codex/responses`: prepare the body, choose stream or JSON, run the turn. */
import { isUtf8 } from 'node:buffer';
import type { CoarseTimers } from '../../platform/coarse-timers';
import { TightropeError, toTightropeError } from '../../platform/errors';
import { prepareResponsesBody, type PreparedBody, type RouteFlavour } from '../protocol/responses-rules';
import type { Answer } from '../turn/answer';
import { compressForUpstream } from '../turn/compress-body';
import { decodeBody } from '../turn/decode-body';
import { JsonAnswer } from '../turn/json-answer';
import { readBody } from '../turn/read-body';
import type { HttpTurn } from '../turn/http-turn';
import { runTurn, type TurnServices } from '../turn/run-turn';
import { StreamAnswer } from '../turn/stream-answer';
import type { Turn } from '../turn/turn';
import { isNativeClient, upstreamHeaders } from '../upstream/request-headers';
import type { RouteHandler } from './router';

export interface ResponsesRouteServices extends TurnServices {
  readonly timers: CoarseTimers;
  /** Path of the upstream base URL, without a trailing slash (`/backend-api`). */
  readonly upstreamBasePath: string;
  /** `tightrope/<version>`. */
  readonly userAgent: string;
  readonly keepaliveMs: number;
  /** Send bodies zstd-compressed. */
  readonly compressRequests: boolean;
  /** Native clients tell the catalogue which version to ask with. */
  readonly noteUserAgent: (userAgent: string | undefined) => void;
  /** Keeps a body that could not be read; `null` = nobody asked for it. */
  readonly captureInvalidBody: ((turn: Turn, body: Buffer, reason: string) => void) | null;
  /** Shows what goes upstream; `null` = nobody asked for it. */
  readonly traceUpstreamBody: ((turn: Turn, body: Buffer) => void) | null;
}

/** Raw and decoded alike (design §11). */
const BODY_LIMIT_BYTES = 128 * 1024 * 1024;

export function responsesRoute(services: ResponsesRouteServices, flavour: RouteFlavour): RouteHandler {
  return async (turn) => {
    services.noteUserAgent(turn.request.headers['user-agent']);
    const prepared = prepareBody(services, turn, await receiveBody(turn, flavour), flavour);
    describe(turn, prepared);
    services.traceUpstreamBody?.(turn, prepared.body);
    const answer = answerFor(services, turn, flavour);
    const upstream = services.compressRequests
      ? await compressForUpstream(prepared.body)
      : { body: prepared.body, headers: [] };
    await runTurn(services, {
      turn,
      answer,
      requestFor: (lease, accessToken) => ({
        method: 'POST',
        path: `${services.upstreamBasePath}/codex/responses`,
        headers: [
          ...upstreamHeaders(
            turn.request.rawHeaders,
            {
              accessToken,
              chatgptAccountId: lease.account.chatgptAccountId,
              requestId: turn.record.requestId,
              userAgentFallback: services.userAgent,
            },
            'responses',
          ),
          ...upstream.headers,
        ],
        body: upstream.body,
      }),
    });
  };
}

async function receiveBody(turn: HttpTurn, flavour: RouteFlavour): Promise<Buffer> {
  const { headers } = turn.request;
  try {
    const raw = await readBody(turn.request, BODY_LIMIT_BYTES);
    const { body } = await decodeBody(
      raw,
      headers['content-encoding'],
      headers['content-type'],
      BODY_LIMIT_BYTES,
      turn.cancel.signal,
    );
    return body;
  } catch (thrown) {
    // The Codex client answers a 413 by sending everything again, five times (spec codex-wire 2.5); a 400 stops it.
    if (flavour === 'codex' && thrown instanceof TightropeError && thrown.code === 'payload_too_large') {
      throw new TightropeError('payload_too_large', { status: 400, message: thrown.message, param: 'input' });
    }
    throw thrown;
  }
}

function prepareBody(services: ResponsesRouteServices, turn: Turn, body: Buffer, flavour: RouteFlavour): PreparedBody {
  try {
    if (!isUtf8(body)) throw new TightropeError('invalid_json', { message: 'The body is not valid UTF-8.' });
    return prepareResponsesBody(body, flavour);
  } catch (thrown) {
    services.captureInvalidBody?.(turn, body, toTightropeError(thrown).message);
    throw thrown;
  }
}

function describe(turn: Turn, prepared: PreparedBody): void {
  const { record, request } = turn;
  const session = request.headers['session-id'] ?? request.headers['session_id'];
  record.model = prepared.model;
  record.serviceTier = prepared.serviceTier ?? null;
  record.reasoningEffort = prepared.reasoningEffort ?? null;
  record.sessionId = (typeof session === 'string' ? session : prepared.sessionId) ?? null;
  record.stream = wantsStream(prepared, request.headers.accept);
}

/** The body's `stream` decides, then `Accept` (issue of every SDK that sends `Accept: application/json` with `stream:true`). */
function wantsStream(prepared: PreparedBody, accept: string | undefined): boolean {
  if (prepared.stream !== undefined) return prepared.stream === 'sse';
  return accept?.toLowerCase().includes('text/event-stream') ?? false;
}

function answerFor(services: ResponsesRouteServices, turn: HttpTurn, flavour: RouteFlavour): Answer {
  if (!turn.record.stream) return new JsonAnswer(turn);
  const { timers, now, keepaliveMs } = services;
  // A Codex client that was pointed at /v1 still needs its own events and keepalives (spec codex-wire 2.1, 2.5).
  const spoken = isNativeClient(turn.request.rawHeaders) ? 'codex' : flavour;
  const answer = new StreamAnswer(turn, { flavour: spoken, timers, now, keepaliveMs });
  turn.cancel.signal.addEventListener('abort', () => answer.dispose(), { once: true });
  return answer;
}
