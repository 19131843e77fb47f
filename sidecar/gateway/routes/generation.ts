/**
 * What every route that asks a model has in common: read the body, prepare it by the rules, tell the log about it, and run
 * the turn with the answer that the route's clients understand.
 */
import { isUtf8 } from 'node:buffer';
import type { CoarseTimers } from '../../platform/coarse-timers';
import { TightropeError, toTightropeError } from '../../platform/errors';
import type { KeyRing } from '../ports';
import type { ModelNames } from '../protocol/model-names';
import {
  prepareResponsesBody,
  type PreparedBody,
  type RouteFlavour,
  type ServeModel,
} from '../protocol/responses-rules';
import type { StreamDialect } from '../relay/stream-dialect';
import type { Continuity } from '../routing/continuity';
import type { Answer } from '../turn/answer';
import { compressForUpstream, type CompressedBody } from '../turn/compress-body';
import { decodeBody } from '../turn/decode-body';
import type { HttpTurn } from '../turn/http-turn';
import { bindToKey } from '../turn/key-check';
import { readBody } from '../turn/read-body';
import { runTurn } from '../turn/run-turn';
import { StreamAnswer } from '../turn/stream-answer';
import type { Turn } from '../turn/turn';
import type { TurnPlan, TurnServices } from '../turn/turn-plan';
import { TurnTies } from '../turn/turn-ties';
import { frameRequest, postRequest, type FrameFacts } from './upstream-request';

export interface GenerationServices extends TurnServices {
  readonly timers: CoarseTimers;
  /** What model names mean. */
  readonly names: ModelNames;
  readonly continuity: Continuity;
  readonly keys: KeyRing;
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

/** What a compaction may take, and be silent for, at least, ms (design §11, codex-wire 2.7). */
export const COMPACTION_BUDGET_MS = 180_000;
/** Raw and decoded alike (design §11). */
const BODY_LIMIT_BYTES = 128 * 1024 * 1024;

/** The body as the client meant it: whole, decoded, within the limit. */
export async function receiveBody(turn: HttpTurn, flavour: RouteFlavour): Promise<Buffer> {
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

/** A Responses body made ready for upstream. Throws TightropeError `invalid_json`, `invalid_request_error` and its like. */
export function prepareBody(
  services: GenerationServices,
  turn: Turn,
  sent: Buffer,
  flavour: RouteFlavour,
): PreparedBody {
  return keepingInvalid(services, turn, sent, () =>
    prepareResponsesBody(sent, flavour, serving(services), turn.request.headers),
  );
}

/** A body of another API, and the Responses body it means. Throws what the translation and the rules refuse. */
export function prepareTranslated<T extends { readonly responsesBody: Buffer }>(
  services: GenerationServices,
  turn: Turn,
  sent: Buffer,
  translate: (sent: Buffer) => T,
): { readonly request: T; readonly prepared: PreparedBody } {
  return keepingInvalid(services, turn, sent, () => {
    const request = translate(sent);
    return {
      request,
      prepared: prepareResponsesBody(request.responsesBody, 'v1', serving(services), turn.request.headers),
    };
  });
}

function serving({ names }: GenerationServices): ServeModel {
  return (model) => names.canonical(model);
}

/** A body that cannot be read is kept for whoever asked for such bodies. */
export function keepingInvalid<T>(services: GenerationServices, turn: Turn, sent: Buffer, prepare: () => T): T {
  try {
    if (!isUtf8(sent)) throw new TightropeError('invalid_json', { message: 'The body is not valid UTF-8.' });
    return prepare();
  } catch (thrown) {
    services.captureInvalidBody?.(turn, sent, toTightropeError(thrown).message);
    throw thrown;
  }
}

/**
 * Binds the prepared body to the caller's API key, sends it to whichever account serves it, and the answer to the client.
 * @throws TightropeError what the key refuses, before anything was sent
 */
export async function runGeneration(
  services: GenerationServices,
  turn: Turn,
  normalised: PreparedBody,
  answer: Answer,
  frame: FrameFacts | null = null,
): Promise<void> {
  // Twice: a request that the key refuses is logged as it was asked, a served one as it went upstream.
  describe(turn, normalised);
  const prepared = bindToKey(services.keys, turn, normalised);
  describe(turn, prepared);
  services.traceUpstreamBody?.(turn, prepared.body);
  const { body, ties, isCompaction } = prepared;
  const idleMs = isCompaction ? Math.max(services.idleMs, COMPACTION_BUDGET_MS) : services.idleMs;
  await runTurn(
    { ...services, idleMs },
    {
      turn,
      answer,
      ties: new TurnTies(services.continuity, { ties, body, scope: turn.record.apiKeyId ?? '' }),
      requestFor: upstreamRequests(services, turn, prepared, frame),
    },
  );
}

/** Makes the request for each account; a body that goes to several is compressed once. */
function upstreamRequests(
  services: GenerationServices,
  turn: Turn,
  prepared: PreparedBody,
  frame: FrameFacts | null,
): TurnPlan['requestFor'] {
  const packed = new Map<Buffer, Promise<CompressedBody>>();
  const pack = (body: Buffer): Promise<CompressedBody> => {
    const known = packed.get(body) ?? compressForUpstream(body);
    packed.set(body, known);
    return known;
  };
  const path = `${services.upstreamBasePath}/codex/responses`;
  return async (lease, accessToken, fitted) => {
    const { body, dropsTurnState } = fitted;
    const parts = { path, userAgent: services.userAgent, turn, lease, accessToken, dropsTurnState };
    if (frame !== null) return frameRequest(parts, body, prepared, frame);
    if (!services.compressRequests) return postRequest(parts, body);
    const compressed = await pack(body);
    return postRequest(parts, compressed.body, compressed.headers);
  };
}

/** An answer as a stream in this dialect; its keepalives end with the turn. */
export function streamAnswer(services: GenerationServices, turn: HttpTurn, dialect: StreamDialect): Answer {
  const { timers, keepaliveMs } = services;
  const answer = new StreamAnswer(turn, { dialect, timers, keepaliveMs });
  turn.cancel.signal.addEventListener('abort', () => answer.dispose(), { once: true });
  return answer;
}

/** What the log says of it. */
export function describe(turn: Turn, prepared: PreparedBody): void {
  const { record } = turn;
  record.model = prepared.model;
  record.serviceTier = prepared.serviceTier ?? null;
  record.reasoningEffort = prepared.reasoningEffort ?? null;
  record.sessionId = prepared.ties.sessionId;
}
