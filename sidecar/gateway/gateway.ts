/** The data plane's entry: lets a request in, opens its turn, finds its route, and answers what goes wrong before that. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TurnRecord } from '../contract/turn-record';
import { toTightropeError, TightropeError } from '../platform/errors';
import { refuseOnSocket } from './listener';
import type { Caller, Door, IntakeGate, PoolLimits, TurnLedger, Visitor } from './ports';
import type { GatewayRouter, RouteHandler, RouteMatch, SocketMatch } from './routes/router';
import type { ClientSocket, SocketHost } from './sockets/client-socket';
import type { SocketDoor } from './sockets/socket-door';
import type { Admission } from './turn/admission';
import { clientNameOf, requestIdOf } from './turn/request-id';
import { errorBodyFor } from './routes/error-body-for';
import { respondError } from './turn/respond';
import { errorFrame } from './turn/frame-answer';
import { FrameTurn } from './turn/frame-turn';
import { HttpTurn } from './turn/http-turn';
import type { Turn, TurnOpening } from './turn/turn';

export interface GatewayServices {
  readonly door: Door;
  readonly gate: IntakeGate;
  readonly router: GatewayRouter;
  readonly admission: Admission;
  readonly sockets: SocketDoor;
  /** The upstream's sockets, as the client's sockets see them. */
  readonly upstreamSockets: UpstreamSockets;
  readonly ledger: TurnLedger;
  readonly limits: Pick<PoolLimits, 'pooledHeaders'>;
  readonly strategy: string;
  readonly now: () => number;
  readonly newId: () => string;
  /** A failure nobody expected: worth a log line with its stack. */
  readonly onDefect: (thrown: unknown, requestId: string) => void;
}

/** Of requests that are no turns. */
const NO_RECORD: TurnLedger = { record: () => undefined };

/** What is known of a request when its turn opens. */
interface Entry {
  readonly requestId: string;
  readonly match: Pick<RouteMatch, 'path' | 'quiet'>;
  readonly caller: Caller;
}

/** See SocketPool. */
export interface UpstreamSockets extends Pick<SocketHost, 'pass' | 'hold'> {
  /** The upstream has lately refused to speak WebSocket. */
  readonly isRefused: boolean;
}

export class Gateway {
  readonly #services: GatewayServices;
  readonly #turns = new Set<Turn>();
  #isDraining = false;

  constructor(services: GatewayServices) {
    this.#services = services;
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = requestIdOf(request.headers, this.#services.newId);
    response.on('error', () => response.destroy());
    let turn: HttpTurn;
    let serve: RouteHandler;
    try {
      const caller = this.#services.door.admit(visitorOf(request));
      const match = this.#services.router.match(request.method ?? 'GET', request.url ?? '/');
      serve = match.handle;
      turn = this.#open({ match, requestId, caller }, request, (opening) => {
        return new HttpTurn(request, response, opening, errorBodyFor(request, requestId));
      });
    } catch (thrown) {
      const error = this.#explain(thrown, requestId);
      respondError(response, ['x-request-id', requestId], error, errorBodyFor(request, requestId));
      return;
    }
    void this.#serve(turn, serve);
  };

  /** Accepts a WebSocket once nothing speaks against it; a denial is an HTTP answer, never a late close. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const requestId = requestIdOf(request.headers, this.#services.newId);
    try {
      const caller = this.#services.door.admit(visitorOf(request));
      const match = this.#matchUpgrade(request);
      this.#services.sockets.accept(request, socket, head, requestId, this.#hostOf(match, caller));
    } catch (thrown) {
      refuseOnSocket(socket, this.#explain(thrown, requestId), { 'x-request-id': requestId });
    }
  };

  /** Sockets without a running turn close; the others when theirs has ended. */
  beginDrain(): void {
    this.#isDraining = true;
    this.#services.sockets.closeIdle();
  }

  inFlight(): number {
    return this.#services.admission.inFlight();
  }

  /** The records of the turns in flight, as far as they are filled. */
  *openRecords(): Iterable<Readonly<TurnRecord>> {
    for (const turn of this.#turns) yield turn.record;
  }

  /** Resolves when no turn is in flight. */
  idle(): Promise<void> {
    return this.#services.admission.idle();
  }

  /** Ends every open turn with an honest terminal event or status. */
  interruptAll(reason: TightropeError): void {
    for (const turn of this.#turns) turn.interrupt(reason);
    this.beginDrain();
  }

  #open<T extends Turn>(entry: Entry, { headers }: IncomingMessage, make: (opening: TurnOpening) => T): T {
    const services = this.#services;
    const { match, caller } = entry;
    const leave = services.admission.enter(caller.apiKeyId);
    const opening: TurnOpening = {
      id: services.newId(),
      requestId: entry.requestId,
      path: match.path,
      caller,
      nowMs: services.now(),
      strategy: services.strategy,
      ledger: match.quiet ? NO_RECORD : services.ledger,
      pooledHeaders: () => services.limits.pooledHeaders(services.now()),
      leave: () => {
        leave?.();
        this.#turns.delete(turn);
      },
    };
    const turn = make(opening);
    this.#turns.add(turn);
    turn.record.client = clientNameOf(headers);
    const full = leave === null ? new TightropeError('proxy_overloaded', { headers: { 'retry-after': '1' } }) : null;
    turn.refusal = services.gate.refuse() ?? full;
    return turn;
  }

  async #serve(turn: HttpTurn, serve: RouteHandler): Promise<void> {
    try {
      if (turn.refusal !== null) throw turn.refusal;
      await serve(turn);
    } catch (thrown) {
      const error = this.#explain(thrown, turn.record.requestId);
      turn.noteError(error, error.status < 500 ? 'client' : 'local');
      if (error.code !== 'client_disconnected') respondError(turn.response, turn.headers, error, turn.errorBody);
      turn.answered(error.status);
    }
  }

  #explain(thrown: unknown, requestId: string): TightropeError {
    const error = toTightropeError(thrown);
    if (error.code === 'internal_error') this.#services.onDefect(thrown, requestId);
    return error;
  }

  #matchUpgrade(request: IncomingMessage): SocketMatch {
    const { gate, router, upstreamSockets } = this.#services;
    const match = router.matchSocket(request.url ?? '/');
    const closed = gate.refuse();
    if (closed !== null) throw closed;
    // The one status on which the Codex client goes on over HTTP at once (codex-wire 2.5).
    if (upstreamSockets.isRefused) throw new TightropeError('websocket_not_supported');
    return match;
  }

  #hostOf(match: SocketMatch, caller: Caller): SocketHost {
    const { upstreamSockets } = this.#services;
    const isDraining = (): boolean => this.#isDraining;
    return {
      serve: (client, frame) => this.#serveFrame(client, frame, match, caller),
      pass: (conversation, frame, binary) => upstreamSockets.pass(conversation, frame, binary),
      hold: (conversation) => upstreamSockets.hold(conversation),
      get isDraining() {
        return isDraining();
      },
    };
  }

  /** A frame is let in like a request: who may enter, and whether turns are taken, may have changed since the upgrade. */
  async #serveFrame(client: ClientSocket, frame: Buffer, { path, serve }: SocketMatch, caller: Caller): Promise<void> {
    const { request } = client;
    const requestId = `${client.id}:${String(client.turns)}`;
    const entry = { match: { path, quiet: false }, requestId, caller };
    const turn = this.#open(entry, request, (opening) => new FrameTurn(request, client, opening));
    try {
      this.#services.door.admit(visitorOf(request));
      if (turn.refusal !== null) throw turn.refusal;
      await serve(turn, frame);
    } catch (thrown) {
      const error = this.#explain(thrown, requestId);
      turn.noteError(error, error.status < 500 ? 'client' : 'local');
      client.send(errorFrame(error));
      turn.answered(error.status);
    }
  }
}

function visitorOf(request: IncomingMessage): Visitor {
  return {
    remoteAddress: request.socket.remoteAddress,
    method: request.method ?? 'GET',
    host: request.headers.host,
    origin: request.headers.origin,
    rawHeaders: request.rawHeaders,
  };
}
