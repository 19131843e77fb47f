/**
 * Routes that belong to the caller and not to the pool (settings, plugins, MCP, tasks …): passed with the caller's own ChatGPT
 * login and no other, both bodies as streams. Who sends none gets 404: nothing of the pool stands in for it (codex-wire 2.10).
 */
import type { CoarseTimer } from '../../platform/coarse-timers';
import { TightropeError } from '../../platform/errors';
import type { HttpTurn } from '../turn/http-turn';
import { respondError } from '../turn/respond';
import { isHeaderName, isHeaderValue } from '../upstream/header-value';
import { upstreamHeaders } from '../upstream/request-headers';
import type { TransportFailure, UpstreamCall, UpstreamRequest, UpstreamSink } from '../upstream/transport';
import { receiveBody } from './generation';
import { queryOf, type CallServices } from './pool-call';
import type { RouteHandler } from './router';

/** What an access token of a ChatGPT login looks like: a JWT. API keys of this product and of OpenAI do not. */
const JWT = /^Bearer (eyJ[\w-]+\.[\w-]+\.[\w-]+)$/i;
/** Hop by hop, ours to set, or about a browser's session at the upstream. */
const NOT_PASSED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'trailer',
  'set-cookie',
  'x-request-id',
  'alt-svc',
  'strict-transport-security',
]);

export function passThroughRoute(services: CallServices): RouteHandler {
  return async (turn) => {
    const accessToken = JWT.exec(turn.request.headers.authorization ?? '')?.[1];
    if (accessToken === undefined) {
      throw new TightropeError('not_found', { message: "This route needs the caller's own ChatGPT login." });
    }
    const method = methodOf(turn.request.method);
    const body = method === 'GET' ? null : await receiveBody(turn, 'v1');
    const request = requestOf(services, turn, { method, body, accessToken });
    await new Promise<void>((resolve) => new Passage(services, turn, resolve).start(request));
  };
}

interface Asked {
  readonly method: UpstreamRequest['method'];
  readonly body: Buffer | null;
  readonly accessToken: string;
}

function requestOf(services: CallServices, turn: HttpTurn, { method, body, accessToken }: Asked): UpstreamRequest {
  const { headers, rawHeaders, url } = turn.request;
  const account = headers['chatgpt-account-id'];
  const type = headers['content-type'];
  const identity = {
    accessToken,
    chatgptAccountId: typeof account === 'string' ? account : null,
    requestId: turn.record.requestId,
    userAgentFallback: services.userAgent,
    ...(type === undefined ? {} : { bodyType: type }),
  };
  const own = turn.record.path.slice('/backend-api'.length);
  const path = services.upstreamBasePath + own + queryOf(url);
  const accepted = headers.accept === undefined ? [] : ['accept', headers.accept];
  const sent = upstreamHeaders(rawHeaders, identity, 'json').filter((_, i, all) => all[i - (i % 2)] !== 'accept');
  return { method, path, headers: [...sent, ...accepted], body };
}

function methodOf(method: string | undefined): UpstreamRequest['method'] {
  return method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE' ? method : 'GET';
}

/** One answer on its way through. */
class Passage implements UpstreamSink {
  readonly #services: CallServices;
  readonly #turn: HttpTurn;
  readonly #resolve: () => void;
  readonly #idle: CoarseTimer;
  #call: UpstreamCall | null = null;

  constructor(services: CallServices, turn: HttpTurn, resolve: () => void) {
    this.#services = services;
    this.#turn = turn;
    this.#resolve = resolve;
    this.#idle = services.timers.arm(services.idleMs, () => this.#giveUp('upstream_request_timeout'));
  }

  start(request: UpstreamRequest): void {
    const turn = this.#turn;
    turn.cancel.signal.addEventListener('abort', this.#onCancel, { once: true });
    turn.response.on('drain', this.#onDrain);
    this.#call = this.#services.transport.send(request, this);
    turn.holdCall(this.#call);
  }

  onHead(status: number, headers: readonly string[]): void {
    this.#idle.rearm(this.#services.idleMs);
    this.#turn.response.writeHead(status, [...this.#turn.headers, ...passed(headers)]);
    this.#turn.response.flushHeaders();
  }

  onChunk(chunk: Buffer): void {
    this.#idle.rearm(this.#services.idleMs);
    this.#turn.record.bytesDown += chunk.length;
    if (!this.#turn.response.write(chunk)) this.#call?.pause();
  }

  onEnd(): void {
    this.#turn.releaseCall();
    this.#turn.response.end();
    this.#finish(this.#turn.response.statusCode);
  }

  onError({ code }: TransportFailure): void {
    this.#fail(new TightropeError(code));
  }

  #giveUp(code: 'upstream_request_timeout'): void {
    this.#call?.abort();
    this.#fail(new TightropeError(code));
  }

  #fail(error: TightropeError): void {
    const { response } = this.#turn;
    this.#turn.noteError(error, 'upstream');
    if (response.headersSent) response.destroy();
    else respondError(response, this.#turn.headers, error, this.#turn.errorBody);
    this.#finish(response.statusCode);
  }

  #finish(status: number): void {
    this.#idle.cancel();
    this.#turn.cancel.signal.removeEventListener('abort', this.#onCancel);
    this.#turn.response.off('drain', this.#onDrain);
    this.#turn.answered(status);
    this.#resolve();
  }

  readonly #onDrain = (): void => this.#call?.resume();

  readonly #onCancel = (): void => {
    this.#call?.abort();
    this.#fail(this.#turn.interruption ?? new TightropeError('client_disconnected'));
  };
}

function passed(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    if (!NOT_PASSED.has(name) && isHeaderName(name) && isHeaderValue(value)) kept.push(name, value);
  }
  return kept;
}
