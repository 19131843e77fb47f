/** One sign-in of a person, from its start to its one end. Owned by the server: a page only looks at it. */
import { createHash } from 'node:crypto';
import type { OAuthFlow, OAuthMethod, OAuthPhase } from '../contract/oauth';
import type { BrowserErrand } from './code-grant';
import type { DeviceCode } from './device-grant';

/** What is fixed when a sign-in starts. Times are UTC ms. */
export interface FlowBeginning {
  readonly id: string;
  readonly method: OAuthMethod;
  /** The account whose login is to be renewed; `null` = whoever signs in. */
  readonly accountId: string | null;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
}

export interface FlowSuccess {
  readonly accountId: string;
  readonly email: string;
  readonly action: 'created' | 'updated';
  readonly atMs: number;
}

export interface FlowFailure {
  readonly code: string;
  /** Safe to show. */
  readonly message: string;
}

/** The listener as one sign-in sees it. */
export interface ListenerView {
  readonly running: boolean;
  readonly problem: string | null;
}

type Ending = Extract<OAuthPhase, 'done' | 'failed' | 'expired' | 'cancelled'>;

const STATUS_OF_PHASE = {
  idle: 'pending',
  waiting: 'pending',
  exchanging: 'pending',
  done: 'success',
  failed: 'error',
  expired: 'error',
  cancelled: 'stopped',
} as const satisfies Record<OAuthPhase, OAuthFlow['status']>;

/** The fields that depend on the method; `null` where they do not apply. */
const NO_ERRAND = {
  authorizationUrl: null,
  callbackUrl: null,
  verificationUrl: null,
  userCode: null,
  deviceAuthId: null,
  intervalSeconds: null,
} as const;

/** A state is looked up by its digest, so that comparing tells nothing of it by its timing. */
export function stateDigest(state: string): string {
  return createHash('sha256').update(state, 'utf8').digest('hex');
}

export class SignInFlow {
  /** Digest of the one-time state of a browser sign-in; it stays known after its use, to tell a replay from a stranger. */
  readonly stateDigest: string | null;
  readonly #beginning: FlowBeginning;
  readonly #errand: Pick<OAuthFlow, keyof typeof NO_ERRAND>;
  readonly #abort = new AbortController();
  #verifier: string | null;
  #atEnd: (() => void) | null = null;
  #phase: OAuthPhase = 'waiting';
  #failure: FlowFailure | null = null;
  #success: FlowSuccess | null = null;

  static browser(beginning: FlowBeginning, errand: BrowserErrand, redirectUri: string): SignInFlow {
    const { authorizationUrl, state, verifier } = errand;
    const shown = { ...NO_ERRAND, authorizationUrl, callbackUrl: redirectUri };
    return new SignInFlow(beginning, shown, verifier, stateDigest(state));
  }

  static device(beginning: FlowBeginning, code: DeviceCode): SignInFlow {
    const { verificationUrl, userCode, deviceAuthId, intervalMs } = code;
    const intervalSeconds = Math.round(intervalMs / 1000);
    return new SignInFlow(
      beginning,
      { ...NO_ERRAND, verificationUrl, userCode, deviceAuthId, intervalSeconds },
      null,
      null,
    );
  }

  private constructor(
    beginning: FlowBeginning,
    errand: Pick<OAuthFlow, keyof typeof NO_ERRAND>,
    verifier: string | null,
    digest: string | null,
  ) {
    this.#beginning = beginning;
    this.#errand = errand;
    this.#verifier = verifier;
    this.stateDigest = digest;
  }

  get id(): string {
    return this.#beginning.id;
  }

  get method(): OAuthMethod {
    return this.#beginning.method;
  }

  get accountId(): string | null {
    return this.#beginning.accountId;
  }

  get startedAtMs(): number {
    return this.#beginning.startedAtMs;
  }

  get expiresAtMs(): number {
    return this.#beginning.expiresAtMs;
  }

  get callbackUrl(): string | null {
    return this.#errand.callbackUrl;
  }

  get deviceAuthId(): string | null {
    return this.#errand.deviceAuthId;
  }

  get phase(): OAuthPhase {
    return this.#phase;
  }

  get status(): OAuthFlow['status'] {
    return STATUS_OF_PHASE[this.#phase];
  }

  get active(): boolean {
    return this.#phase === 'waiting' || this.#phase === 'exchanging';
  }

  /** Aborted when the sign-in ends before its time. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get failure(): FlowFailure | null {
    return this.#failure;
  }

  get success(): FlowSuccess | null {
    return this.#success;
  }

  /** Takes the verifier, once: whoever comes second with the same state gets `null`. */
  claim(): string | null {
    const verifier = this.#verifier;
    if (this.#phase !== 'waiting' || verifier === null) return null;
    this.#verifier = null;
    this.#phase = 'exchanging';
    return verifier;
  }

  succeed(success: FlowSuccess): void {
    if (this.#end('done')) this.#success = success;
  }

  fail(failure: FlowFailure): void {
    if (this.#end('failed')) this.#failure = failure;
  }

  expire(): void {
    const message = 'The time for this sign-in is over. Start a new one.';
    if (this.#end('expired')) this.#failure = { code: 'oauth_expired', message };
  }

  cancel(): void {
    this.#end('cancelled');
  }

  /** Sets what is to be done when it ends. */
  onEnd(atEnd: () => void): void {
    this.#atEnd = atEnd;
  }

  /** As the API shows it. */
  view(listener: ListenerView, nowMs: number): OAuthFlow {
    const { id, method, accountId, startedAtMs, expiresAtMs } = this.#beginning;
    return {
      flowId: id,
      method,
      status: this.status,
      phase: this.#phase,
      active: this.active,
      errorCode: this.#failure?.code ?? null,
      errorMessage: this.#failure?.message ?? null,
      accountId,
      startedAtMs,
      expiresAtMs,
      expiresInSeconds: this.active ? Math.max(0, Math.ceil((expiresAtMs - nowMs) / 1000)) : null,
      listenerRunning: this.active && listener.running,
      listenerProblem: this.active ? listener.problem : null,
      ...this.#errand,
      ...completion(this.#success),
    };
  }

  /** There is one end; what comes after it changes nothing. */
  #end(ending: Ending): boolean {
    if (!this.active) return false;
    this.#phase = ending;
    this.#verifier = null;
    if (ending !== 'done') this.#abort.abort();
    this.#atEnd?.();
    return true;
  }
}

function completion(success: FlowSuccess | null) {
  return {
    completedAccountId: success?.accountId ?? null,
    completedEmail: success?.email ?? null,
    completedAtMs: success?.atMs ?? null,
    completedAction: success?.action ?? null,
  };
}

/** What the API shows before the first sign-in (`idle` reads as `pending`, spec/admin-api.md 9.2). */
export const NO_FLOW: OAuthFlow = {
  flowId: null,
  method: null,
  status: STATUS_OF_PHASE.idle,
  phase: 'idle',
  active: false,
  errorCode: null,
  errorMessage: null,
  accountId: null,
  startedAtMs: null,
  expiresAtMs: null,
  expiresInSeconds: null,
  listenerRunning: false,
  listenerProblem: null,
  ...NO_ERRAND,
  ...completion(null),
};
