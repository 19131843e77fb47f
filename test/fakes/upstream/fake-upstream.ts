/** The fake ChatGPT backend: accounts, scripts and records behind one port (codex-wire 2.11). */
import { FakeAccount, emptyScripts } from './account';
import type { FakeAccountOptions } from './account-state';
import { BrowserSignIn } from './browser-sign-in';
import { DeviceFlow } from './device-flow';
import { Dispatcher, type DispatchState } from './dispatcher';
import { FileStore } from './file-store';
import { filesRoutes } from './files-route';
import { HttpEndpoint, type TlsFiles } from './http-endpoint';
import { mediaRoutes } from './media-routes';
import { modelsRoute } from './models-route';
import { OwnershipLedger, type Violation } from './ownership';
import { productRoutes } from './product-routes';
import { Recorder, type RecordedRequest, type RequestFilter } from './recorder';
import { RefreshCounter } from './refresh-counter';
import { resetCreditsRoutes, type Redemption } from './reset-credits-route';
import { compactRoute, responsesRoute } from './responses-route';
import { sideRoutes } from './side-routes';
import { SocketSide } from './socket-side';
import { usageRoute } from './usage-route';

export interface FakeUpstreamOptions {
  /** How many accounts, or one set of options each; default 1. */
  readonly accounts?: number | readonly FakeAccountOptions[];
  /** Default 0: a free port. */
  readonly port?: number;
  readonly tls?: TlsFiles;
  /** Answers 400 when a request carries another account's opaque value; `violations` notes it in either mode. */
  readonly strict?: boolean;
  /** Counts an installation id as owned by the account that first shows it; default false, as native clients keep theirs. */
  readonly bindInstallations?: boolean;
  /** `false` drops bodies after use, for runs with very many requests; default true. */
  readonly keepBodies?: boolean;
}

export class FakeUpstream implements DispatchState {
  readonly accounts: FakeAccount[] = [];
  /** Asked when an account's own script has nothing for a request. */
  readonly scripts = emptyScripts();
  readonly recorder = new Recorder();
  readonly ownership: OwnershipLedger;
  /** Opaque values that reached the wrong account. */
  readonly violations: Violation[] = [];
  /** Faults of the fake itself: a test that ends with any has proved nothing. */
  readonly failures: unknown[] = [];
  readonly refreshes = new RefreshCounter();
  readonly device = new DeviceFlow();
  readonly browser = new BrowserSignIn(() => this.address);
  readonly files = new FileStore();
  readonly redemptions: Redemption[] = [];
  /** Its WebSockets. */
  readonly sockets: SocketSide;
  private readonly endpoint: HttpEndpoint;

  constructor(options: FakeUpstreamOptions) {
    const { accounts = 1 } = options;
    const wanted = typeof accounts === 'number' ? Array.from({ length: accounts }, () => ({})) : accounts;
    for (const one of wanted) this.addAccount(one);
    this.ownership = new OwnershipLedger(options.bindInstallations ?? false);
    const routes = [
      responsesRoute,
      compactRoute,
      modelsRoute,
      usageRoute,
      ...resetCreditsRoutes(this.redemptions),
      ...filesRoutes(this.files),
      ...mediaRoutes,
      ...productRoutes,
      ...sideRoutes(),
    ];
    const dispatcher = new Dispatcher(this, routes, {
      strict: options.strict ?? false,
      keepBodies: options.keepBodies ?? true,
    });
    this.sockets = new SocketSide(dispatcher);
    this.endpoint = new HttpEndpoint(
      { port: options.port ?? 0, host: '127.0.0.1', ...(options.tls === undefined ? {} : { tls: options.tls }) },
      (message, response) => dispatcher.accept(message, response),
      (message, socket, head) => this.sockets.upgrade(message, socket, head),
    );
  }

  get address(): string {
    return this.endpoint.address;
  }

  /** Environment that points Tightrope at this fake. */
  get env(): Readonly<Record<'TIGHTROPE_UPSTREAM_BASE_URL' | 'TIGHTROPE_AUTH_BASE_URL', string>> {
    return { TIGHTROPE_UPSTREAM_BASE_URL: `${this.address}/backend-api`, TIGHTROPE_AUTH_BASE_URL: this.address };
  }

  /** Account number `index`, from 0. Throws when there is none. */
  account(index: number): FakeAccount {
    const account = this.accounts[index];
    if (account === undefined) throw new Error(`fake upstream has ${this.accounts.length} accounts, none at ${index}`);
    return account;
  }

  addAccount(options: FakeAccountOptions = {}): FakeAccount {
    const account = new FakeAccount(`account-${this.accounts.length + 1}`, options);
    this.accounts.push(account);
    return account;
  }

  requests(filter: RequestFilter): RecordedRequest[] {
    return this.recorder.matching(filter);
  }

  /** Resolves when at least `count` matching requests have arrived. */
  waitForRequests(filter: RequestFilter, count = 1): Promise<RecordedRequest[]> {
    return this.recorder.wait(filter, count);
  }

  /** Every token of every account: none may appear in a log. */
  secrets(): readonly string[] {
    return this.accounts.flatMap((account) => account.login.issuedSecrets());
  }

  async start(): Promise<void> {
    await this.files.start();
    await this.endpoint.start();
  }

  /** From now on connections are refused and the open ones are broken. */
  refuseConnections(): Promise<void> {
    return this.endpoint.stop();
  }

  /** Listens again on the same port. */
  acceptConnections(): Promise<void> {
    return this.endpoint.start();
  }

  async close(): Promise<void> {
    this.recorder.close();
    await this.endpoint.stop();
    await this.files.stop();
  }
}

/** Starts a fake upstream in this process; `close()` it when done. */
export async function startFakeUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const fake = new FakeUpstream(options);
  await fake.start();
  return fake;
}
