/** Whether the sidecar can be reached, and whether it lets this page in. */
import { computed, signal } from '@preact/signals';
import { observeCalls, type ApiError } from '../api/request';

/** Why the pages are hidden: a sign-in is needed, the vault is locked, or only the admin token opens this address. */
export type Barrier = 'sign_in' | 'locked' | 'token';

/** When the sidecar stopped answering, UTC ms; `null` = it answers. */
export const unreachableSinceMs = signal<number | null>(null);

/** When the sidecar last answered, UTC ms. */
export const answeredAtMs = signal<number | null>(null);

export const barrier = signal<Barrier | null>(null);

export const isReachable = computed(() => unreachableSinceMs.value === null);

/** Single failures happen (a timeout, a sleeping laptop): two in a row are an outage. */
const FAILURES_BEFORE_BANNER = 2;

let failures = 0;
let returned: () => void = () => undefined;

/** Called once each time the sidecar answers again after an outage. */
export function onReturn(listener: () => void): void {
  returned = listener;
}

/** Watches every call of the page. */
export function startConnection(): void {
  observeCalls((error) => {
    if (error?.isUnreachable === true) failed();
    else answered(error);
  });
}

function failed(): void {
  failures += 1;
  if (failures >= FAILURES_BEFORE_BANNER) unreachableSinceMs.value ??= Date.now();
}

function answered(error: ApiError | null): void {
  failures = 0;
  answeredAtMs.value = Date.now();
  const wasDown = unreachableSinceMs.value !== null;
  unreachableSinceMs.value = null;
  const found = barrierOf(error);
  if (found !== null) barrier.value = found;
  if (wasDown) returned();
}

/** What a refusal means for the whole page; `null` = nothing. */
export function barrierOf(error: ApiError | null): Barrier | null {
  if (error === null) return null;
  if (error.status === 423) return 'locked';
  if (error.code === 'auth_required') return 'sign_in';
  if (error.code === 'admin_token_required' || error.code === 'loopback_only') return 'token';
  return null;
}
