/** The way of one request through the fake: record, identify, guard, script, standard answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeAccount } from './account';
import { sendJson } from './answer';
import type { AnswerSink } from './answer-sink';
import { openArrival, type Arrival } from './arrival';
import { authenticate } from './authentication';
import type { Behaviour, Exchange, RouteName } from './behaviour';
import { asArray, asJsonObject } from './json-value';
import type { OwnershipLedger, Violation } from './ownership';
import type { RecordedRequest, Recorder, SocketRecord } from './recorder';
import type { RefreshCounter } from './refresh-counter';
import { decodeBody, parseJson, readBody } from './request-body';
import { isPrewarm, refuseFrame, standardFrame } from './responses-route';
import { routeMatches, type Route } from './route';
import type { Script } from './script';
import { accountOfGrant, standardToken, type CodeIssuers } from './token-route';

/** What the requests of one fake share. */
export interface DispatchState extends CodeIssuers {
  readonly accounts: readonly FakeAccount[];
  readonly scripts: Readonly<Record<RouteName, Script>>;
  readonly recorder: Recorder;
  readonly ownership: OwnershipLedger;
  readonly violations: Violation[];
  readonly failures: unknown[];
  readonly refreshes: RefreshCounter;
}

export interface DispatchRules {
  readonly strict: boolean;
  readonly keepBodies: boolean;
}

/** One `response.create` frame and what its socket knows of it. */
export interface FrameArrival {
  readonly message: IncomingMessage;
  readonly response: AnswerSink;
  readonly account: FakeAccount;
  readonly socket: SocketRecord;
  readonly bytes: Buffer;
  readonly json: unknown;
  readonly history: readonly unknown[];
  /** The anchor of the frame if this socket has no such response. */
  readonly unknownAnchor: string | null;
}

export class Dispatcher {
  private arrivals = 0;

  constructor(
    private readonly state: DispatchState,
    private readonly routes: readonly Route[],
    private readonly rules: DispatchRules,
  ) {}

  /** Takes a request; what goes wrong inside the fake lands in `failures`. */
  accept(message: IncomingMessage, response: ServerResponse): void {
    const arrival = openArrival(this.arrivals++, message, response);
    this.serve(arrival, readBody(message)).catch((error: unknown) => {
      this.state.failures.push(error);
      response.destroy();
    });
  }

  /** Takes an upgrade: the account when it is accepted, `null` when it was answered otherwise. */
  async acceptUpgrade(
    message: IncomingMessage,
    response: ServerResponse,
    socket: SocketRecord,
  ): Promise<FakeAccount | null> {
    const arrival = openArrival(this.arrivals++, message, response);
    const { request } = arrival;
    request.socket = socket;
    const { account, refusal } = authenticate(request, this.state.accounts, Date.now());
    request.account = account;
    this.state.recorder.add(request);
    if (refusal !== null) {
      sendJson(response, refusal.status, refusal.body);
      return null;
    }
    let accepted = false;
    const exchange = this.exchange(arrival, account, () => {
      accepted = true;
    });
    if (request.path !== '/backend-api/codex/responses') sendJson(response, 404, { detail: 'Not Found' });
    else if (!this.refuseForeign(exchange)) {
      await (this.scripted('handshake', account, request) ?? (async () => exchange.standard()))(exchange);
    }
    return accepted ? account : null;
  }

  issueTurnState(value: string, account: FakeAccount): void {
    this.state.ownership.issue('turn_state', value, account);
  }

  /** Takes a frame and resolves when it has been answered. */
  async acceptFrame(frame: FrameArrival): Promise<void> {
    const { account, response } = frame;
    const arrival = openArrival(this.arrivals++, frame.message, response, 'FRAME');
    const { request } = arrival;
    Object.assign(request, { body: frame.bytes, decodedBody: frame.bytes, json: frame.json, history: frame.history });
    request.socket = frame.socket;
    request.account = account;
    this.state.recorder.add(request);
    try {
      const exchange = this.exchange(arrival, account, standardFrame);
      if (this.refuseForeign(exchange) || refuseFrame(exchange, frame.unknownAnchor)) return;
      const name = isPrewarm(request) ? 'prewarm' : 'responses';
      await (this.scripted(name, account, request) ?? standardFrame)(exchange);
      if (!this.rules.keepBodies) forgetBody(request);
    } catch (error) {
      this.state.failures.push(error);
      response.destroy();
    }
  }

  private async serve(arrival: Arrival, body: Promise<Buffer>): Promise<void> {
    const { request, response } = arrival;
    const { recorder, device } = this.state;
    try {
      request.body = await body;
      request.decodedBody = await decodeBody(request.body, request.headers['content-encoding']);
    } catch (error) {
      recorder.add(request);
      if (!response.destroyed) sendJson(response, 400, { detail: `Unreadable body: ${String(error)}` });
      return;
    }
    request.json = parseJson(request.decodedBody);
    request.history = asArray(asJsonObject(request.json)['input']);
    if (device.answer(request, response)) return recorder.add(request);
    if (request.path === '/oauth/token') return this.serveToken(arrival);
    return this.serveAccount(arrival);
  }

  private async serveToken(arrival: Arrival): Promise<void> {
    const { request, response } = arrival;
    const { accounts, refreshes, recorder } = this.state;
    const owner = accountOfGrant(request, accounts, this.state);
    const account = accounts.find((candidate) => candidate === owner);
    request.account = account ?? null;
    refreshes.enter();
    response.once('close', () => refreshes.leave());
    recorder.add(request);
    if (account === undefined) {
      return sendJson(response, 401, { error: { message: 'Unknown token', code: 'refresh_token_invalidated' } });
    }
    const standard = standardToken(this.state);
    const exchange = this.exchange(arrival, account, standard);
    await (this.scripted('token', account, request) ?? standard)(exchange);
  }

  private async serveAccount(arrival: Arrival): Promise<void> {
    const { request, response } = arrival;
    const { account, refusal } = authenticate(request, this.state.accounts, Date.now());
    request.account = account;
    this.state.recorder.add(request);
    if (refusal !== null) return sendJson(response, refusal.status, refusal.body);
    const route = this.routes.find((candidate) => routeMatches(candidate, request));
    if (route === undefined) return sendJson(response, 404, { detail: 'Not Found' });
    const exchange = this.exchange(arrival, account, route.standard);
    if (this.refuseForeign(exchange) || route.guard?.(exchange) === true) return;
    const scripted = route.name === null ? undefined : this.scripted(route.name, account, request);
    await (scripted ?? route.standard)(exchange);
    if (!this.rules.keepBodies) forgetBody(request);
  }

  /** The account's own script goes before the fake's. */
  private scripted(name: RouteName, account: FakeAccount, request: RecordedRequest): Behaviour | undefined {
    return account.scripts[name].take(request) ?? this.state.scripts[name].take(request);
  }

  private exchange(arrival: Arrival, account: FakeAccount, standard: Behaviour): Exchange {
    const exchange: Exchange = {
      ...arrival,
      account,
      ownership: this.state.ownership,
      standard: async () => standard(exchange),
    };
    return exchange;
  }

  private refuseForeign({ request, response, account }: Exchange): boolean {
    const found = this.state.ownership.violations(request, account);
    this.state.violations.push(...found);
    const first = found[0];
    if (first === undefined || !this.rules.strict) return false;
    const message = `The ${first.kind} in this request could not be verified.`;
    sendJson(response, 400, { error: { message, type: 'invalid_request_error', code: `invalid_${first.kind}` } });
    return true;
  }
}

function forgetBody(request: RecordedRequest): void {
  request.body = Buffer.alloc(0);
  request.decodedBody = request.body;
  request.json = undefined;
}
