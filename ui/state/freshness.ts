/**
 * Keeps what is on the screen fresh: at once when the sidecar says that it changed, else by asking now and then. While
 * the event socket is up nothing is asked for without a reason (issue 9: at most 10 requests a minute when idle).
 */
import { useEffect } from 'preact/hooks';
import { live, onLiveEvent } from './live';
import type { Resource } from './resource';

interface Kept {
  readonly refresh: () => Promise<void>;
  readonly readAtMs: () => number | null;
  readonly pollMs: number;
  watchers: number;
  dueAtMs: number;
}

export interface FreshnessRules {
  /** How often to ask while the event socket is down, ms. */
  readonly pollMs: number;
  /** Event types that mean "this changed". */
  readonly on: readonly string[];
  /** How long events are gathered before one reading, ms; default `EVENT_PAUSE_MS`. Longer for what a busy pool changes all the time. */
  readonly gatherMs?: number;
}

/** Asked less often while nobody looks. */
const HIDDEN_FACTOR = 4;
const TICK_MS = 1_000;
/** A burst of events becomes one reading. */
const EVENT_PAUSE_MS = 400;

const kept = new Map<object, Kept>();

/** Says how a resource is kept fresh while at least one component watches it. */
export function keepFresh<T>(one: Resource<T>, { pollMs, on, gatherMs = EVENT_PAUSE_MS }: FreshnessRules): Resource<T> {
  const entry: Kept = {
    refresh: () => one.refresh(),
    readAtMs: () => one.readAtMs.value,
    pollMs,
    watchers: 0,
    dueAtMs: 0,
  };
  kept.set(one, entry);
  const soon = (): void => {
    if (entry.watchers > 0) entry.dueAtMs = Math.min(entry.dueAtMs, Date.now() + gatherMs);
    else entry.dueAtMs = 0;
  };
  for (const type of [...on, 'resync']) onLiveEvent(type, soon);
  return one;
}

/** Watches a resource while the component is mounted; reads it when it is older than its rule. */
export function useFresh<T>(one: Resource<T>): Resource<T> {
  useEffect(() => {
    const entry = kept.get(one);
    if (entry === undefined) {
      void one.refresh();
      return undefined;
    }
    entry.watchers += 1;
    if (entry.watchers === 1 && Date.now() >= entry.dueAtMs) ask(entry);
    return () => {
      entry.watchers -= 1;
    };
  }, [one]);
  return one;
}

/** Reads everything that is on the screen, for "Refresh" and after the sidecar came back. */
export function refreshAll(): void {
  for (const entry of kept.values()) {
    entry.dueAtMs = 0;
    if (entry.watchers > 0) ask(entry);
  }
}

/** Starts the clock. Returns what stops it. */
export function startFreshness(): () => void {
  const timer = setInterval(() => {
    const now = Date.now();
    for (const entry of kept.values()) if (entry.watchers > 0 && now >= entry.dueAtMs) ask(entry);
  }, TICK_MS);
  const seen = (): void => {
    if (document.visibilityState === 'visible' && live.value !== 'live') refreshAll();
  };
  document.addEventListener('visibilitychange', seen);
  const forget = live.subscribe((state) => {
    if (state !== 'polling') return;
    for (const entry of kept.values()) entry.dueAtMs = Math.min(entry.dueAtMs, Date.now() + entry.pollMs);
  });
  return () => {
    forget();
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}

function ask(entry: Kept): void {
  entry.dueAtMs = Number.POSITIVE_INFINITY;
  void entry.refresh().then(() => {
    const hidden = document.visibilityState === 'hidden' ? HIDDEN_FACTOR : 1;
    const pause = live.value === 'live' ? Number.POSITIVE_INFINITY : entry.pollMs * hidden;
    entry.dueAtMs = Math.min(entry.dueAtMs, Date.now() + pause);
  });
}
