/**
 * The owner of everything one proxied request (or one `response.create` frame) holds: admission slot, account lease, upstream call, log row. However the
 * request ends (success, failure, cancel, shutdown), `close` runs once and gives all of it back.
 */
import type { IncomingMessage } from 'node:http';
import type { Blame, TurnRecord } from '../../contract/turn-record';
import type { TightropeError, WireError } from '../../platform/errors';
import type { Caller, KeyReservation, TurnLedger } from '../ports';
import type { Terminal } from '../relay/usage';
import type { DecisionRecord } from '../routing/decision-record';
import { NO_OUTCOME, type LeaseOutcome } from '../routing/pool-signals';
import type { Lease } from '../routing/selector';
import type { UpstreamCall } from '../upstream/transport';

/** The client's end of a turn: an HTTP response of its own, or a WebSocket that many turns share. */
export interface ClientEnd {
  on(event: 'drain', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
  /** Cuts the connection. */
  destroy(): unknown;
}

export interface TurnOpening {
  readonly id: string;
  readonly requestId: string;
  readonly path: string;
  readonly nowMs: number;
  readonly strategy: string;
  readonly ledger: TurnLedger;
  /** How the client came; left out = by HTTP. */
  readonly transport?: TurnRecord['transport'];
  /** The pool's limits, flat `name, value, …`. */
  readonly pooledHeaders: () => readonly string[];
  readonly caller: Caller;
  /** Gives the admission slot back. */
  readonly leave: () => void;
}

/** Status of a request whose client left before its answer (nginx's 499; no standard code exists). */
export const CLIENT_LEFT_STATUS = 499;

export class Turn {
  /** The HTTP request, or the one that opened the WebSocket. */
  readonly request: IncomingMessage;
  readonly client: ClientEnd;
  readonly record: TurnRecord;
  /** Aborts token waits and pauses when the client leaves or the process stops at once. */
  readonly cancel = new AbortController();
  /** Why the request is not served at all (proxy stopped, draining, overloaded); it still leaves a row. */
  refusal: TightropeError | null = null;
  /** Set when the process ends the turn before its answer is complete. */
  interruption: TightropeError | null = null;
  /** The accounts that the caller's key is bound to; `null` = any. */
  allowedAccounts: ReadonlySet<string> | null = null;
  readonly #opening: TurnOpening;
  readonly #startedAt = performance.now();
  #lease: Lease | null = null;
  #reservation: KeyReservation | null = null;
  #isCovered = false;
  #outcome: LeaseOutcome = NO_OUTCOME;
  #call: UpstreamCall | null = null;
  #closed = false;
  #answered = false;
  #left = false;

  constructor(request: IncomingMessage, client: ClientEnd, opening: TurnOpening) {
    this.request = request;
    this.client = client;
    this.#opening = opening;
    this.record = emptyRecord(request, opening);
    client.once('close', this.#onClientClosed);
  }

  /** Milliseconds since the request arrived. */
  elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** The client left before the whole answer was handed to it. */
  get clientLeft(): boolean {
    return this.#left;
  }

  /** Everything has been given back; nothing more may be sent. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Headers that every answer of this turn carries. */
  get headers(): string[] {
    const headers = ['x-request-id', this.record.requestId, ...this.#opening.pooledHeaders()];
    if (this.record.accountId !== null && this.caller.seesAccount) {
      headers.push('x-tightrope-routed-account-id', this.record.accountId);
    }
    return headers;
  }

  get caller(): Caller {
    return this.#opening.caller;
  }

  /** Hands over what the turn holds of its key's limits; it is settled or given back when the turn closes. */
  holdReservation(reservation: KeyReservation): void {
    this.#isCovered = true;
    if (this.#closed) reservation.close(this.record);
    else this.#reservation = reservation;
  }

  /** The turn's key has been asked, and nothing of its limits is needed. */
  coverUnmetered(): void {
    this.#isCovered = true;
  }

  /** Whether the turn's key has been asked; a turn without a key needs no leave. */
  get isCovered(): boolean {
    return this.caller.apiKeyId === null || this.#isCovered;
  }

  /** Ends the turn from outside; whoever serves it answers with `reason`. */
  interrupt(reason: TightropeError): void {
    this.interruption = reason;
    this.cancel.abort(reason);
  }

  /** Hands the lease to the turn; the one of the attempt before is given back first. */
  hold(lease: Lease): void {
    this.letGo();
    this.#lease = lease;
    this.record.accountId = lease.account.id;
    this.noteDecision(lease.decision);
  }

  /** Why the turn goes where it goes, or nowhere. */
  noteDecision(decision: DecisionRecord): void {
    this.record.decision = decision;
    this.record.routingStrategy = decision.strategy;
    this.record.sticky = decision.sticky;
  }

  /** How the attempt on the present lease went; told when the lease is given back. */
  noteOutcome(outcome: LeaseOutcome): void {
    this.#outcome = outcome;
  }

  /** Hands an upstream call to the turn, which aborts it when the turn is closed first. */
  holdCall(call: UpstreamCall): void {
    this.#call = call;
  }

  /** The call ends by itself: its connection is worth keeping. */
  releaseCall(): void {
    this.#call = null;
  }

  /** The lease and the call of a finished attempt. */
  letGo(): void {
    this.#call = null;
    this.#lease?.release(this.#outcome);
    this.#lease = null;
    this.#outcome = NO_OUTCOME;
  }

  /** Marks the first upstream output handed to the client. */
  markFirstOutput(): void {
    this.record.firstTokenMs ??= Math.round(this.elapsedMs());
  }

  /** What the upstream's terminal event says: tokens, response id, tier, and its error if it has one. */
  noteTerminal(terminal: Terminal): void {
    const { record } = this;
    record.responseId = terminal.responseId ?? record.responseId;
    record.serviceTier = terminal.serviceTier ?? record.serviceTier;
    if (terminal.usage === null) return;
    record.inputTokens = terminal.usage.input;
    record.cachedTokens = terminal.usage.cached;
    record.outputTokens = terminal.usage.output;
    record.reasoningTokens = terminal.usage.reasoning;
    record.totalTokens = terminal.usage.total;
  }

  noteFailure(code: string, message: string, blame: Blame): void {
    this.record.errorCode = code;
    this.record.errorMessage = message.slice(0, 500);
    this.record.errorClass = blame;
  }

  /** What failed was only the first of two ways. */
  forgetFailure(): void {
    this.record.errorCode = null;
    this.record.errorMessage = null;
    this.record.errorClass = null;
  }

  noteError(error: WireError, blame: Blame): void {
    this.noteFailure(error.code, error.message, blame);
  }

  /** The whole answer has been handed to the response; what follows is no disconnect. */
  answered(statusCode: number): void {
    this.#answered = true;
    this.record.statusCode = statusCode;
    this.close();
  }

  /** Gives everything back and writes the row. Runs once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.client.off('close', this.#onClientClosed);
    this.#call?.abort();
    this.letGo();
    this.record.latencyMs = Math.round(this.elapsedMs());
    this.#reservation?.close(this.record);
    this.#opening.leave();
    this.#opening.ledger.record(this.record);
  }

  readonly #onClientClosed = (): void => {
    if (this.#answered) return;
    this.#left = true;
    this.record.statusCode = CLIENT_LEFT_STATUS;
    this.noteFailure('client_disconnected', 'The client left before the answer was complete.', 'client');
    this.cancel.abort(new Error('client left'));
    this.close();
  };
}

function emptyRecord(request: IncomingMessage, opening: TurnOpening): TurnRecord {
  return {
    id: opening.id,
    requestId: opening.requestId,
    accountId: null,
    apiKeyId: opening.caller.apiKeyId,
    // A frame asks for what a POST asks for (spec/proxy.md 5.1).
    method: opening.transport === 'websocket' ? 'POST' : (request.method ?? 'GET'),
    path: opening.path,
    statusCode: 0,
    model: null,
    serviceTier: null,
    reasoningEffort: null,
    stream: false,
    transport: opening.transport ?? 'http',
    upstreamTransport: null,
    routingStrategy: opening.strategy,
    decision: null,
    sticky: false,
    requestedAtMs: opening.nowMs,
    latencyMs: 0,
    firstTokenMs: null,
    inputTokens: null,
    cachedTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    totalTokens: null,
    errorCode: null,
    errorMessage: null,
    errorClass: null,
    responseId: null,
    sessionId: null,
    client: null,
    attempts: [],
    bytesUp: 0,
    bytesDown: 0,
  };
}
