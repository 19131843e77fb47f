/** Upstream, load client and whatever stands between them, for one run of the bench. */
import type { ClientOperations } from '../client';
import { RoleProcess } from '../processes/role-process';
import { UsageMeter } from '../processes/usage-meter';
import { directTarget, startBaseline } from '../targets/baselines';
import { nginxVersion, startNginx } from '../targets/nginx';
import type { Peers } from '../targets/peers';
import { startSidecar } from '../targets/sidecar';
import type { Target, TargetName } from '../targets/target';
import type { UpstreamOperations } from '../upstream';

export class Rig {
  readonly #targets = new Map<TargetName, Target>();

  private constructor(
    readonly upstream: RoleProcess<UpstreamOperations>,
    readonly upstreamPort: number,
    readonly client: RoleProcess<ClientOperations>,
    readonly nginx: string | null,
    private readonly peers: Peers | null,
  ) {}

  static async start(peers: Peers | null = null): Promise<Rig> {
    const upstream = await RoleProcess.start<UpstreamOperations>('upstream', 'load');
    const client = await RoleProcess.start<ClientOperations>('client', 'load');
    return new Rig(upstream.process, upstream.port, client.process, nginxVersion(), peers);
  }

  /** The target of that name, started when it does not run yet. */
  async target(name: TargetName): Promise<Target> {
    const running = this.#targets.get(name);
    if (running !== undefined) return running;
    const started = await this.#start(name);
    this.#targets.set(name, started);
    return started;
  }

  /** Ends a target if it runs; the next use starts a new process. */
  async drop(name: TargetName): Promise<void> {
    const running = this.#targets.get(name);
    this.#targets.delete(name);
    await running?.stop();
  }

  /** Ends every target. */
  async dropAll(): Promise<void> {
    for (const name of [...this.#targets.keys()]) await this.drop(name);
  }

  /** Measures a target while everything else of the bench counts as its own. */
  meter(target: Target): UsageMeter {
    const own = [this.upstream.process.pid, this.client.process.pid];
    for (const other of this.#targets.values()) if (other.pid !== null && other !== target) own.push(other.pid);
    return new UsageMeter(target.pid, own);
  }

  async close(): Promise<void> {
    await this.dropAll();
    await this.client.stop();
    await this.upstream.stop();
  }

  #start(name: TargetName): Promise<Target> {
    switch (name) {
      case 'direct':
        return Promise.resolve(directTarget(this.upstreamPort));
      case 'splice':
      case 'pipe':
        return startBaseline(name, this.upstreamPort);
      case 'nginx':
        return startNginx(this.upstreamPort);
      case 'tightrope':
      case 'tightrope-bare':
        return startSidecar(name, this.upstreamPort);
      case 'portkey':
      case 'better-ccflare':
        if (this.peers === null) throw new Error(`${name} is not installed`);
        return this.peers.start(name, this.upstreamPort);
    }
  }
}
