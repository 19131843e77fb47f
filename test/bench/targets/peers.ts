/** Peers of performance.md A5, P. */
import type { Target, TargetName } from './target';

export function installPeers(_print: (text: string) => void): Promise<TargetName[]> {
  return Promise.resolve([]);
}

export function startPeer(name: TargetName, _upstreamPort: number): Promise<Target> {
  return Promise.reject(new Error(`${name} is not installed`));
}
