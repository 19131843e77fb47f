/** Finds the sidecar that runs on a data directory. */
import { Health } from '../contract/runtime';
import { compile } from '../contract/validate';
import { readRuntimeFile, type RuntimeFile } from '../platform/data-directory';
import { adminRequest } from './admin-request';

/** A health answer of a process on this machine takes a few ms. */
const HEALTH_TIMEOUT_MS = 2_000;

/**
 * The process behind `runtime.json`, if it is the one that answers at its address: after a crash the file may be stale
 * and its port somebody else's, who must not get the admin token.
 *
 * @returns `null` when nobody runs there, or nobody who can prove it
 */
export async function findSidecar(dataDirectory: string): Promise<RuntimeFile | null> {
  const runtime = await readRuntimeFile(dataDirectory);
  if (runtime === null) return null;
  try {
    const answer = await adminRequest(`${runtime.address}/health`, { timeoutMs: HEALTH_TIMEOUT_MS });
    return compile(Health, 'health answer')(answer).instanceId === runtime.instanceId ? runtime : null;
  } catch {
    // Refused, too late or no answer of ours: the lock on the data directory decides whether it is free.
    return null;
  }
}
