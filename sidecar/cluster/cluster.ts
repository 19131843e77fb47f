/**
 * The only thing that product code knows of other machines (spec/cluster.md 2.6). `off.ts` implements it inside one
 * process, so code for a single machine has no branches.
 */
import type { ClusterStatus } from '../contract/cluster';

export type ClusterMode = ClusterStatus['mode'];

/** What can be invalidated on other machines. */
export type Namespace = 'accounts' | 'api_keys' | 'settings' | 'firewall' | 'sticky' | 'models' | 'usage';

export interface LeaseOptions {
  /** Life in ms from acquiring or the last renewal. */
  readonly ttlMs: number;
  /** How long to wait for the present holder, in ms. @default 0 */
  readonly waitMs?: number;
}

/** The right to do a named thing, held by one at a time. */
export interface Lease {
  readonly name: string;
  /** Fencing number: grows with every change of holder. */
  readonly epoch: number;
  /** Aborts when the lease is lost: expired, released, or the process stops. */
  readonly signal: AbortSignal;
  /** Starts the life anew; `false` when it was already lost. */
  renew(): Promise<boolean>;
  /** Gives the lease back; a lost one is left alone. */
  release(): Promise<void>;
}

/** Who changes something and why: travels with every write made inside `batch`. */
export interface BatchMark {
  readonly actor: string;
  readonly reason: string;
  /** Whether the batch may be rolled back as one. */
  readonly rollback: boolean;
}

/** Whether this machine may spend an account's single-use refresh token now. */
export type RefreshPermit =
  | { readonly kind: 'granted'; readonly epoch: number; readonly signal: AbortSignal; release(): Promise<void> }
  | { readonly kind: 'wait'; readonly retryAfterMs: number }
  | { readonly kind: 'denied'; readonly reason: string };

export interface Cluster {
  readonly mode: ClusterMode;
  /** This machine; written into rows as `node_id` and `token_owner`. */
  readonly nodeId: string;
  /** The lease, or `null` when another still holds it after `waitMs`. */
  lease(name: string, options: LeaseOptions): Promise<Lease | null>;
  /** Runs the job here if this machine leads and it is not already running; tells whether it ran. Its error is passed on. */
  runIfLeader(job: string, body: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Says that something changed; without `key`, everything of the namespace. Listeners here hear it as well. */
  invalidate(namespace: Namespace, key?: string): void;
  /** Hears changes from here and elsewhere until the returned function is called. */
  onInvalidate(namespace: Namespace, listener: (key?: string) => void): () => void;
  /** Marks all writes made inside `body`, across awaits. */
  batch<T>(mark: BatchMark, body: () => Promise<T>): Promise<T>;
  /** The mark of the innermost `batch` around the caller. */
  currentBatch(): BatchMark | null;
  /** @param signal ends the wait for another refresh of the same account; the promise then rejects with its reason. */
  refreshPermit(accountId: string, signal?: AbortSignal): Promise<RefreshPermit>;
  /** A pure read. */
  status(): ClusterStatus;
  /** Ends every lease and aborts running jobs. */
  stop(): Promise<void>;
}
