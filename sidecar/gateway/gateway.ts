/** The data plane's entry: lets a request in, opens its turn, finds its route, and answers what goes wrong before that. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { toTightropeError, TightropeError } from '../platform/errors';
import { refuseOnSocket } from './listener';
import type { Door, IntakeGate, PoolLimits, TurnLedger, Visitor } from './ports';
import type { GatewayRouter, RouteHandler, RouteMatch } from './routes/router';
import type { Admission } from './turn/admission';
import { clientNameOf, requestIdOf } from './turn/request-id';
import { errorBodyFor } from './routes/error-body-for';
import { respondError } from './turn/respond';
import { HttpTurn } from './turn/http-turn';
import type { Turn, TurnOpening } from './turn/turn';

export interface GatewayServices {
  readonly door: Door;
  readonly gate: IntakeGate;
  readonly router: GatewayRouter;
  readonly admission: Admission;
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

export class Gateway {
  readonly #services: GatewayServices;
  readonly #turns = new Set<Turn>();

  constructor(services: GatewayServices) {
    this.#services = services;
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = requestIdOf(request.headers, this.#services.newId);
    response.on('error', () => response.destroy());
    let turn: HttpTurn;
    let serve: RouteHandler;
    try {
      const refused = this.#services.door.refuse(visitorOf(request));
      if (refused !== null) throw refused;
      const match = this.#services.router.match(request.method ?? 'GET', request.url ?? '/');
      serve = match.handle;
      turn = this.#open(request, response, requestId, match);
    } catch (thrown) {
      const error = this.#explain(thrown, requestId);
      respondError(response, ['x-request-id', requestId], error, errorBodyFor(request, requestId));
      return;
    }
    void this.#serve(turn, serve);
  };

  readonly refuseUpgrade = (request: IncomingMessage, socket: Duplex): void => {
    socket.on('error', () => socket.destroy());
    const requestId = requestIdOf(request.headers, this.#services.newId);
    const refusal = this.#refuseUpgrade(request);
    refuseOnSocket(socket, refusal, { 'x-request-id': requestId });
  };

  inFlight(): number {
    return this.#services.admission.inFlight();
  }

  /** Resolves when no turn is in flight. */
  idle(): Promise<void> {
    return this.#services.admission.idle();
  }

  /** Ends every open turn with an honest terminal event or status. */
  interruptAll(reason: TightropeError): void {
    for (const turn of this.#turns) turn.interrupt(reason);
  }

  #open(request: IncomingMessage, response: ServerResponse, requestId: string, match: RouteMatch): HttpTurn {
    const services = this.#services;
    const leave = services.admission.enter();
    const opening: TurnOpening = {
      id: services.newId(),
      requestId,
      path: match.path,
      nowMs: services.now(),
      strategy: services.strategy,
      ledger: match.quiet ? NO_RECORD : services.ledger,
      pooledHeaders: () => services.limits.pooledHeaders(services.now()),
      leave: () => {
        leave?.();
        this.#turns.delete(turn);
      },
    };
    const turn = new HttpTurn(request, response, opening, errorBodyFor(request, requestId));
    this.#turns.add(turn);
    turn.record.client = clientNameOf(request.headers);
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

  #refuseUpgrade(request: IncomingMessage): TightropeError {
    try {
      const refused = this.#services.door.refuse(visitorOf(request));
      if (refused !== null) return refused;
      return this.#services.router.isSocketPath(request.url ?? '/')
        ? new TightropeError('websocket_not_supported')
        : new TightropeError('not_found');
    } catch (thrown) {
      return toTightropeError(thrown);
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
