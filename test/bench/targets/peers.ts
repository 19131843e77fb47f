/** Peers of performance.md A5, P: other proxies, installed by npm into a folder of their own for one run. */
import path from 'node:path';
import { makeTempFolder, type TempFolder } from '../../integration/harness/temp-folder';
import { OwnedProcess } from '../processes/owned-process';
import { freePort } from './free-port';
import { shippedNode } from './project';
import { reachable } from './reachable';
import type { PeerName, Target } from './target';

/**
 * Versions that were measured for performance.md. Portkey's streams answer 500 ("immutable" headers) with any newer
 * `@hono/node-server`, which its own range allows.
 */
const PACKAGES = ['@portkey-ai/gateway@1.15.2', '@hono/node-server@1.13.8', 'better-ccflare@3.5.4'];

const READY_WITHIN_MS = 30_000;
/** better-ccflare checks the form of keys. */
const PEER_KEY = 'sk-bench-0123456789abcdef';

export class Peers {
  private constructor(private readonly folder: TempFolder) {}

  /** Throws Error with npm's words when it cannot be done. */
  static async install(): Promise<Peers> {
    const folder = await makeTempFolder('tightrope-bench-peers-');
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
    const npm = new OwnedProcess({
      side: null,
      command: ['npm', 'install', '--prefix', folder.path, ...flags, ...PACKAGES],
      cwd: folder.path,
    });
    if ((await npm.exited) === 0) return new Peers(folder);
    await folder.remove();
    throw new Error(`the peers could not be installed\n${npm.report()}`);
  }

  start(name: PeerName, upstreamPort: number): Promise<Target> {
    return name === 'portkey' ? this.#startPortkey(upstreamPort) : this.#startCcflare(upstreamPort);
  }

  remove(): Promise<void> {
    return this.folder.remove();
  }

  /** Told by headers where to go; posts the same body to `/v1/responses` there. */
  async #startPortkey(upstreamPort: number): Promise<Target> {
    const port = await freePort();
    const script = path.join(this.folder.path, 'node_modules/@portkey-ai/gateway/build/start-server.js');
    const own = await this.#run([shippedNode(), script, `--port=${String(port)}`, '--headless'], port);
    const headers = {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${String(upstreamPort)}/v1`,
    };
    return targetOf('portkey', own, { port, path: '/v1/responses', headers });
  }

  /** One Anthropic-compatible account whose endpoint is the bench; the answer's bytes pass through. */
  async #startCcflare(upstreamPort: number): Promise<Target> {
    const port = await freePort();
    const program = path.join(this.folder.path, 'node_modules/better-ccflare/dist/better-ccflare');
    const own = await this.#run([program, '--serve', '--port', String(port)], port);
    const answer = await fetch(`http://127.0.0.1:${String(port)}/api/accounts/anthropic-compatible`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'bench',
        apiKey: PEER_KEY,
        customEndpoint: `http://127.0.0.1:${String(upstreamPort)}`,
        priority: 0,
      }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`better-ccflare took no account: ${text}`);
    return targetOf('better-ccflare', own, {
      port,
      path: '/v1/messages',
      headers: { 'anthropic-version': '2023-06-01', 'x-api-key': PEER_KEY },
    });
  }

  async #run(command: readonly string[], port: number): Promise<OwnedProcess> {
    const env = { PATH: process.env['PATH'], HOME: this.folder.path };
    const own = new OwnedProcess({ side: 'subject', command, cwd: this.folder.path, env });
    try {
      await reachable(port, READY_WITHIN_MS);
    } catch (error) {
      await own.stop('SIGKILL');
      throw new Error(`a peer did not start\n${own.report()}`, { cause: error });
    }
    return own;
  }
}

function targetOf(name: PeerName, own: OwnedProcess, load: Target['load']): Target {
  return {
    name,
    load,
    pid: own.pid,
    stop: async () => {
      await own.stop('SIGKILL');
    },
  };
}
