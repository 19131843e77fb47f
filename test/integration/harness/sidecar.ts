/** The built sidecar as a process, driven from outside as its users do. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { authJsonOf } from '../../fakes/upstream/auth-json';
import type { FakeAccount } from '../../fakes/upstream/account';
import type { FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { ChildProgram, type ProgramExit } from './child-program';
import { eventually, within } from './eventually';
import { callWhole, jsonCall, type Json, type WholeAnswer } from './json-call';
import { projectNode, tightropeBundle } from './project-root';
import { findLeaks } from './secret-scan';
import { openEventStream, type EventStream, type HttpCall } from './sse-client';
import { makeTempFolder, type TempFolder } from './temp-folder';

export interface SidecarOptions {
  readonly fake: FakeUpstream;
  /** Over the quiet defaults of `baseEnv`. */
  readonly env?: Readonly<Record<string, string>>;
  /** More arguments of `serve`. */
  readonly args?: readonly string[];
  /** What is run: a program and its first arguments; default the built command line under the project's Node. */
  readonly program?: readonly [file: string, ...args: string[]];
  /** Port; default 0, a free one. */
  readonly port?: number;
  /** Folder of a stopped or killed sidecar to go on with; it stays the caller's. */
  readonly dataFolder?: string;
}

const READY_WITHIN_MS = 20_000;
const EXIT_WITHIN_MS = 20_000;
const HOUR_MS = '3600000';

/** A clean environment: nothing of the machine's own settings, no background work that a test did not ask for. */
export function baseEnv(fake: FakeUpstream, home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TIGHTROPE_TOKEN_REFRESH_STARTUP_DELAY_MS: HOUR_MS,
    TIGHTROPE_USAGE_POLL_INTERVAL_MS: '0',
    TIGHTROPE_DRAIN_TIMEOUT_MS: '5000',
    ...fake.env,
  };
}

export class Sidecar {
  private constructor(
    readonly program: ChildProgram,
    readonly address: string,
    readonly dataFolder: string,
    readonly adminToken: string,
    private readonly fake: FakeUpstream,
    private readonly ownFolder: TempFolder | null,
  ) {}

  /** Starts and waits for the line that says it listens (design §10). */
  static async start(options: SidecarOptions): Promise<Sidecar> {
    const ownFolder = options.dataFolder === undefined ? await makeTempFolder() : null;
    const folder = options.dataFolder ?? ownFolder?.path ?? '';
    const [file, ...first] = options.program ?? [projectNode(), tightropeBundle()];
    const program = new ChildProgram(
      file,
      [
        ...first,
        ...['serve', '--host', '127.0.0.1', '--port', String(options.port ?? 0), '--db', path.join(folder, 'store.db')],
        ...(options.args ?? []),
      ],
      { env: { ...baseEnv(options.fake, folder), ...options.env }, cwd: folder },
    );
    try {
      const line = await program.waitForOutput(/^tightrope listening on (http:\/\/\S+)$/m, READY_WITHIN_MS);
      const adminToken =
        options.env?.['TIGHTROPE_ADMIN_TOKEN'] ?? (await readFile(path.join(folder, 'admin-token'), 'utf8')).trim();
      return new Sidecar(program, line[1] ?? '', folder, adminToken, options.fake, ownFolder);
    } catch (error) {
      program.signal('SIGKILL');
      await ownFolder?.remove();
      throw error;
    }
  }

  get databaseFile(): string {
    return path.join(this.dataFolder, 'store.db');
  }

  url(pathAndQuery: string): string {
    return `${this.address}${pathAndQuery}`;
  }

  /** Any call, read to its end. */
  call(pathAndQuery: string, call: HttpCall = {}): Promise<WholeAnswer> {
    return callWhole(this.url(pathAndQuery), call);
  }

  /** A JSON post without credentials, as local clients of the proxy send it. */
  post(pathAndQuery: string, body: unknown, headers: HttpCall['headers'] = {}): Promise<WholeAnswer> {
    return this.call(pathAndQuery, jsonCall(body, headers));
  }

  /** Posts a body and opens the answer as an event stream at its head. */
  stream(pathAndQuery: string, body: unknown, headers: HttpCall['headers'] = {}): Promise<EventStream> {
    return openEventStream(this.url(pathAndQuery), jsonCall(body, headers));
  }

  /** A control-plane call with the admin token. */
  admin(method: string, pathAndQuery: string, body?: unknown): Promise<WholeAnswer> {
    const authorization = `Bearer ${this.adminToken}`;
    if (body === undefined) return this.call(pathAndQuery, { method, headers: { authorization } });
    return this.call(pathAndQuery, { ...jsonCall(body, { authorization }), method });
  }

  /** Imports logins of the fake by the route; throws unless every one was taken. Returns the Account objects. */
  async importAccounts(accounts: readonly FakeAccount[]): Promise<Json[]> {
    const answer = await this.admin('POST', '/api/accounts/import', {
      authJson: accounts.map((one) => authJsonOf(one)),
    });
    const results = (answer.json['results'] ?? []) as readonly Json[];
    if (answer.status !== 200 || results.some((result) => result['account'] === undefined)) {
      throw new Error(`import failed with ${answer.status}: ${answer.text}`);
    }
    return results.map((result) => result['account'] as Json);
  }

  /** The log row of a request, once it has been written. */
  logRow(requestId: string): Promise<Json> {
    return eventually(`log row of request ${requestId}`, async () => {
      const answer = await this.admin('GET', `/api/logs/${encodeURIComponent(requestId)}`);
      return answer.status === 200 ? answer.json : undefined;
    });
  }

  /** Whether it still answers, and as the same process. */
  async expectUnharmed(): Promise<void> {
    const health = await this.call('/health');
    expect({ running: this.program.running, status: health.status, body: health.json['status'] }).toEqual({
      running: true,
      status: 200,
      body: 'ok',
    });
  }

  /** SIGTERM, exit code 0, no secret anywhere; removes its own folder. Safe to call again. */
  async stop(): Promise<void> {
    if (this.program.running) this.program.signal('SIGTERM');
    const exit = await this.exit();
    await this.expectNoSecrets();
    await this.ownFolder?.remove();
    expect({ ...exit, output: exit.code === 0 ? '' : this.program.report() }).toEqual({
      code: 0,
      signal: null,
      output: '',
    });
  }

  /** kill −9, and waits until the process is gone. Keeps the folder. */
  async kill9(): Promise<void> {
    this.program.signal('SIGKILL');
    await this.exit();
  }

  /** Ends whatever is left without judging it, for tests that stopped or killed it themselves. */
  async discard(): Promise<void> {
    if (this.program.running) await this.kill9();
    await this.ownFolder?.remove();
  }

  /** How it ended; rejects when it does not. */
  async exit(): Promise<ProgramExit> {
    try {
      return await within('the end of the sidecar', this.program.exited, EXIT_WITHIN_MS);
    } catch (error) {
      this.program.signal('SIGKILL');
      throw new Error(`the sidecar did not end\n${this.program.report()}`, { cause: error });
    }
  }

  /** Tokens and the admin token appear in no output, log or database file. */
  async expectNoSecrets(): Promise<void> {
    const outputs = { stdout: this.program.stdout, stderr: this.program.stderr };
    const leaks = await findLeaks([...this.fake.secrets(), this.adminToken], outputs, this.dataFolder);
    expect(leaks).toEqual([]);
  }
}
