/** A system that the load is sent to. */
import type { LoadTarget } from '../load/client-connection';

/** `direct` is the upstream itself; `tightrope-bare` the sidecar with log and routing off. */
export type TargetName =
  'direct' | 'splice' | 'nginx' | 'pipe' | 'tightrope' | 'tightrope-bare' | 'portkey' | 'better-ccflare';

/** Peers that `--peers` adds. */
export const PEER_NAMES = ['portkey', 'better-ccflare'] as const satisfies readonly TargetName[];

export type PeerName = (typeof PEER_NAMES)[number];

export interface Target {
  readonly name: TargetName;
  readonly load: LoadTarget;
  /** Root of its processes; `null` for `direct`. */
  readonly pid: number | null;
  stop(): Promise<void>;
}

/** Where the Codex client posts; every relay passes it on unchanged. */
export const RESPONSES_PATH = '/backend-api/codex/responses';

/** The request of a Codex client, as it is. */
export function codexLoad(port: number): LoadTarget {
  return { port, path: RESPONSES_PATH, headers: {} };
}
