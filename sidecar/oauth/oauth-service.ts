/**
 * Signs people in: browser, device code, pasted callback (spec/data-security.md 6; design §11 "OAuth"). A sign-in lives here
 * and not in the page: it goes on when the page is closed, several run side by side, and each ends by itself.
 */
import type { ImportedAccount } from '../accounts/import-requests';
import type { OAuthCallbackResult, OAuthFlow, OAuthMethod } from '../contract/oauth';
import type { Clock } from '../platform/clock';
import { ERRORS, TightropeError, toTightropeError, type ErrorCode } from '../platform/errors';
import { uuidv7 } from '../platform/ids';
import type { Logger } from '../platform/logger';
import { redactText } from '../platform/redact';
import { messageOf } from '../platform/thrown';
import { CallbackDoor, type DoorHold } from './callback-door';
import type { CallbackResult } from './callback-page';
import { readCallbackQuery, type CallbackQuery } from './callback-query';
import { exchangeCode, prepareErrand, type SignedInTokens, type SignInProvider } from './code-grant';
import { awaitDevice, requestDeviceCode, type DeviceCode } from './device-grant';
import { FlowRegister } from './flow-register';
import { NO_FLOW, SignInFlow, type FlowFailure } from './sign-in-flow';
import { TokenEndpointError } from './token-endpoint-error';

/** Where logins go. */
export interface SignInAccounts {
  /** @throws TightropeError `account_mismatch`, `account_not_found` */
  signIn(tokens: SignedInTokens, only: string | null): Promise<ImportedAccount>;
  find(accountId: string): object | undefined;
}

/** Tells people that a sign-in ended. */
export type PublishSignIn = (event: {
  readonly type: 'oauth_status';
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly accountId: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}) => void;

export interface OAuthDependencies {
  readonly provider: SignInProvider;
  /** `config.oauth.redirectUri` */
  readonly redirectUri: string;
  readonly accounts: SignInAccounts;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publish: PublishSignIn;
  /** How long a browser is awaited, ms. @default 600000 (spec/data-security.md 6.2) */
  readonly browserTimeoutMs?: number;
}

export interface StartRequest {
  readonly method: OAuthMethod;
  readonly accountId: string | null;
}

const BROWSER_TIMEOUT_MS = 600_000;
/** Failures of the provider that have a code of their own on our API. */
const PROVIDER_CODES: readonly ErrorCode[] = ['device_auth_unavailable', 'oauth_transport_failed', 'invalid_response'];
const STATE_UNKNOWN: FlowFailure = {
  code: 'oauth_state_unknown',
  message: 'This callback belongs to no sign-in that is under way (its state is missing or not ours).',
};
const STATE_USED: FlowFailure = {
  code: 'oauth_callback_used',
  message: 'This callback was used already, or its sign-in has ended.',
};

export class OAuthService {
  readonly #deps: OAuthDependencies;
  readonly #flows = new FlowRegister();
  readonly #door: CallbackDoor;
  readonly #problems = new Map<string, string>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(deps: OAuthDependencies) {
    this.#deps = deps;
    this.#door = new CallbackDoor(deps.redirectUri, (query) => this.callback(query));
  }

  /**
   * Begins a sign-in.
   * @throws TightropeError `account_not_found`, `oauth_too_many_flows`; the provider's refusal of a device code
   */
  async start({ method, accountId }: StartRequest): Promise<OAuthFlow> {
    if (this.#closed) throw new TightropeError('shutting_down');
    if (accountId !== null && this.#deps.accounts.find(accountId) === undefined) {
      throw new TightropeError('account_not_found', { param: 'accountId' });
    }
    this.#flows.assertRoom();
    const flow = method === 'device' ? await this.#startDevice(accountId) : await this.#startBrowser(accountId);
    return this.#view(flow);
  }

  /** The named sign-in, else the newest. @throws TightropeError `oauth_flow_not_found` */
  status(flowId?: string): OAuthFlow {
    const flow = this.#flows.find(flowId);
    return flow === null ? NO_FLOW : this.#view(flow);
  }

  /** Newest first. */
  list(): OAuthFlow[] {
    return this.#flows
      .all()
      .reverse()
      .map((flow) => this.#view(flow));
  }

  /** Cancels; one that has ended stays as it is. @throws TightropeError `oauth_flow_not_found` */
  stop(flowId?: string): OAuthFlow {
    this.#flows.find(flowId)?.cancel();
    return this.status(flowId);
  }

  /** Begins the named sign-in, else the newest, anew by browser. @throws TightropeError `oauth_flow_not_found` */
  restart(flowId?: string): Promise<OAuthFlow> {
    const flow = this.#flows.find(flowId);
    flow?.cancel();
    return this.start({ method: 'browser', accountId: flow?.accountId ?? null });
  }

  /** How a device sign-in stands. The poll needs nobody to begin it. @throws TightropeError `oauth_flow_not_found` */
  deviceStatus(flowId?: string, deviceAuthId?: string): OAuthFlow['status'] {
    if (flowId === undefined && deviceAuthId !== undefined) {
      return this.#flows.byDevice(deviceAuthId)?.status ?? 'error';
    }
    return this.#flows.find(flowId)?.status ?? 'pending';
  }

  /** The text a person pasted. @throws TightropeError `oauth_flow_not_found` */
  async paste(text: string, flowId?: string): Promise<OAuthCallbackResult> {
    const named = flowId === undefined ? null : this.#flows.find(flowId);
    const query = readCallbackQuery(text);
    const flow = query.state === null ? null : this.#flows.byState(query.state);
    if (named !== null && flow !== null && named !== flow) return pasted(STATE_UNKNOWN, null);
    const failure = await this.#take(query, flow);
    return pasted(failure, flow);
  }

  /** A browser that came back. */
  async callback(query: CallbackQuery): Promise<CallbackResult> {
    const flow = query.state === null ? null : this.#flows.byState(query.state);
    const failure = await this.#take(query, flow);
    if (failure !== null) return { ok: false, message: failure.message };
    return { ok: true, message: `Signed in as ${flow?.success?.email ?? 'a new account'}.` };
  }

  /** Ends every sign-in and the listener. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const flow of this.#flows.all()) flow.cancel();
    await Promise.all(this.#running);
    await this.#door.close();
  }

  async #startBrowser(accountId: string | null): Promise<SignInFlow> {
    const hold = await this.#door.hold();
    try {
      const errand = await prepareErrand(this.#deps.provider, hold.redirectUri);
      const beginning = this.#beginning('browser', accountId, this.#deps.browserTimeoutMs ?? BROWSER_TIMEOUT_MS);
      const flow = SignInFlow.browser(beginning, errand, hold.redirectUri);
      if (hold.problem !== null) this.#problems.set(flow.id, hold.problem);
      this.#watch(flow, hold);
      return flow;
    } catch (error) {
      hold.release();
      throw error;
    }
  }

  async #startDevice(accountId: string | null): Promise<SignInFlow> {
    const { provider } = this.#deps;
    let code: DeviceCode;
    try {
      code = await requestDeviceCode(provider, AbortSignal.timeout(provider.timeoutMs));
    } catch (error) {
      throw providerFailure(error);
    }
    const flow = SignInFlow.device(this.#beginning('device', accountId, code.lifetimeMs), code);
    this.#watch(flow, null);
    this.#track(this.#complete(flow, awaitDevice(provider, code, flow.signal)));
    return flow;
  }

  #beginning(method: OAuthMethod, accountId: string | null, lifetimeMs: number) {
    const startedAtMs = this.#deps.clock.now();
    return { id: uuidv7(startedAtMs), method, accountId, startedAtMs, expiresAtMs: startedAtMs + lifetimeMs };
  }

  /** Registers a sign-in and sees to it that it ends and lets go of the listener. */
  #watch(flow: SignInFlow, hold: DoorHold | null): void {
    const nowMs = this.#deps.clock.now();
    this.#flows.add(flow, nowMs);
    const timer = setTimeout(() => {
      flow.expire();
      this.#announce(flow);
    }, flow.expiresAtMs - nowMs);
    timer.unref();
    flow.onEnd(() => {
      clearTimeout(timer);
      hold?.release();
      this.#problems.delete(flow.id);
    });
    if (this.#closed) flow.cancel();
  }

  /** What is wrong with a callback; `null` when its sign-in is complete. A callback that is not ours changes nothing. */
  async #take(query: CallbackQuery, flow: SignInFlow | null): Promise<FlowFailure | null> {
    if (flow === null) return STATE_UNKNOWN;
    if (flow.phase !== 'waiting') return flow.phase === 'failed' && flow.failure !== null ? flow.failure : STATE_USED;
    if (query.error !== null) {
      flow.fail(refusedInBrowser(query.error, query.errorDescription));
      this.#announce(flow);
      return flow.failure;
    }
    if (query.code === null) return { code: 'invalid_callback', message: 'The callback carries no code.' };
    const verifier = flow.claim();
    const redirectUri = flow.callbackUrl;
    if (verifier === null || redirectUri === null) return STATE_USED;
    const grant = { code: query.code, verifier, redirectUri };
    const completed = this.#complete(flow, exchangeCode(this.#deps.provider, grant, flow.signal));
    this.#track(completed);
    await completed;
    return flow.success === null ? (flow.failure ?? STATE_USED) : null;
  }

  async #complete(flow: SignInFlow, tokens: Promise<SignedInTokens>): Promise<void> {
    const { accounts, clock, logger } = this.#deps;
    try {
      const { account, action } = await accounts.signIn(await tokens, flow.accountId);
      const created = action === 'created' ? 'created' : 'updated';
      flow.succeed({ accountId: account.accountId, email: account.email, action: created, atMs: clock.now() });
    } catch (error) {
      // Cancelled and expired ones have said so already.
      if (!flow.active) return;
      flow.fail(failureOf(error));
      logger.warn('sign_in_failed', { flowId: flow.id, method: flow.method, reason: messageOf(error) });
    }
    this.#announce(flow);
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  #announce(flow: SignInFlow): void {
    const { success, failure, id, method, phase } = flow;
    const message =
      success === null ? `Sign-in failed: ${failure?.message ?? phase}` : `Signed in as ${success.email}.`;
    const level = success === null ? 'warn' : 'info';
    const accountId = success?.accountId ?? flow.accountId;
    this.#deps.publish({ type: 'oauth_status', level, message, accountId, facts: { flowId: id, method, phase } });
  }

  #view(flow: SignInFlow): OAuthFlow {
    const running = this.#door.listensAt(flow.callbackUrl);
    return flow.view({ running, problem: this.#problems.get(flow.id) ?? null }, this.#deps.clock.now());
  }
}

function pasted(failure: FlowFailure | null, flow: SignInFlow | null): OAuthCallbackResult {
  return {
    status: failure === null ? 'success' : 'error',
    errorCode: failure?.code ?? null,
    errorMessage: failure?.message ?? null,
    flowId: flow?.id ?? null,
    accountId: flow?.success?.accountId ?? null,
  };
}

function refusedInBrowser(word: string, description: string | null): FlowFailure {
  const code = /^[\w.-]{1,64}$/.test(word) ? word : 'oauth_refused';
  const said = redactText((description ?? word).slice(0, 300));
  const message = code === 'access_denied' ? `The sign-in was declined (${said}).` : `The provider refused: ${said}`;
  return { code, message };
}

function failureOf(error: unknown): FlowFailure {
  if (error instanceof TokenEndpointError) return { code: error.code, message: error.message };
  const { code, message } = toTightropeError(error);
  return { code, message };
}

/** The provider's refusal as an answer of our API; its own code stands in the details. */
function providerFailure(error: unknown): unknown {
  if (!(error instanceof TokenEndpointError)) return error;
  const { code, message } = error;
  const known = PROVIDER_CODES.find((candidate) => candidate === code);
  const text = message === '' ? ERRORS.oauth_refused.message : message;
  return new TightropeError(known ?? 'oauth_refused', { message: text, details: { providerCode: code } });
}
