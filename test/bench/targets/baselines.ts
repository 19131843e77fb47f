/** Starts the baselines that are programs of the bench itself. */
import { RoleProcess } from '../processes/role-process';
import { codexLoad, type Target } from './target';

/** The upstream itself: what no proxy can beat. */
export function directTarget(upstreamPort: number): Target {
  return { name: 'direct', load: codexLoad(upstreamPort), pid: null, stop: () => Promise.resolve() };
}

export async function startBaseline(name: 'splice' | 'pipe', upstreamPort: number): Promise<Target> {
  const { process: own, port } = await RoleProcess.start(name, 'subject', [String(upstreamPort)]);
  return { name, load: codexLoad(port), pid: own.process.pid, stop: () => own.stop() };
}
