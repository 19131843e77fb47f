/** The sidecar as shipped: its own process, ten accounts imported by the admin route, log on, routing on. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FakeAccount } from '../../fakes/upstream/account';
import { authJsonOf } from '../../fakes/upstream/auth-json';
import { makeTempFolder } from '../../integration/harness/temp-folder';
import { OwnedProcess } from '../processes/owned-process';
import type { Side } from '../processes/pinning';
import { shippedNode, sidecarBundle } from './project';
import { codexLoad, type Target } from './target';

export interface SidecarOptions {
  readonly upstreamPort: number;
  /** Log and routing off, for scenario X. */
  readonly bare?: boolean;
  /** More arguments for Node, for profiles. */
  readonly nodeArgs?: readonly string[];
  /** Data directory; default a new one that is removed at the end. */
  readonly folder?: string;
  /** Core; default the one of the system under test. */
  readonly side?: Side | null;
}

const ACCOUNTS = 10;
const READY_WITHIN_MS = 20_000;

/** A running sidecar and how to ask it. */
export class BenchSidecar {
  private constructor(
    readonly process: OwnedProcess,
    readonly address: string,
    private readonly folder: string,
    private readonly removeFolder: () => Promise<void>,
  ) {}

  /** Starts it without accounts; resolves when it says that it listens. */
  static async start(options: SidecarOptions): Promise<BenchSidecar> {
    const own = options.folder === undefined ? await makeTempFolder('tightrope-bench-') : null;
    const folder = options.folder ?? own?.path ?? '';
    const started = new OwnedProcess({
      side: options.side === undefined ? 'subject' : options.side,
      command: [
        shippedNode(),
        ...(options.nodeArgs ?? []),
        sidecarBundle(),
        ...['serve', '--host', '127.0.0.1', '--port', '0', '--db', path.join(folder, 'store.db')],
      ],
      cwd: folder,
      env: sidecarEnvironment(options, folder),
    });
    const removeFolder = async (): Promise<void> => own?.remove();
    try {
      const line = await started.output(/^tightrope listening on (http:\/\/\S+)$/m, READY_WITHIN_MS);
      return new BenchSidecar(started, line[1] ?? '', folder, removeFolder);
    } catch (error) {
      await started.stop('SIGKILL');
      await removeFolder();
      throw error;
    }
  }

  get port(): number {
    return Number(new URL(this.address).port);
  }

  /** A call to the control plane with the admin token; rejects unless the answer is 2xx. */
  async admin(method: string, route: string, body?: unknown): Promise<unknown> {
    const token = (await readFile(path.join(this.folder, 'admin-token'), 'utf8')).trim();
    const answer = await fetch(`${this.address}${route}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${route} answered ${String(answer.status)}: ${text}`);
    return JSON.parse(text);
  }

  /** Imports ten fresh logins. */
  async importAccounts(): Promise<void> {
    const accounts = Array.from({ length: ACCOUNTS }, (_, number) => new FakeAccount(`bench-${String(number)}`));
    await this.admin('POST', '/api/accounts/import', { authJson: accounts.map((account) => authJsonOf(account)) });
  }

  /** Lets it drain and leave; returns its exit code. */
  async stop(): Promise<number | null> {
    const code = await this.process.stop();
    await this.removeFolder();
    return code;
  }
}

/** Nothing of the machine's own settings. */
function sidecarEnvironment({ upstreamPort, bare }: SidecarOptions, folder: string): NodeJS.ProcessEnv {
  const upstream = `http://127.0.0.1:${String(upstreamPort)}`;
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    TIGHTROPE_UPSTREAM_BASE_URL: `${upstream}/backend-api`,
    TIGHTROPE_AUTH_BASE_URL: upstream,
    ...(bare === true ? { TIGHTROPE_BENCH_BARE: '1' } : {}),
  };
}

export async function startSidecar(
  name: 'tightrope' | 'tightrope-bare',
  upstreamPort: number,
): Promise<Target & { readonly sidecar: BenchSidecar }> {
  const sidecar = await BenchSidecar.start({ upstreamPort, bare: name === 'tightrope-bare' });
  try {
    await sidecar.importAccounts();
  } catch (error) {
    await sidecar.stop();
    throw error;
  }
  return {
    name,
    sidecar,
    load: codexLoad(sidecar.port),
    pid: sidecar.process.pid,
    stop: async () => {
      await sidecar.stop();
    },
  };
}
