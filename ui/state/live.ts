/** The event socket `/api/events/ws`: what changed, as it changes (design §11 "Events"). */
import { signal } from '@preact/signals';

/** `live` = events come; `connecting` = first try; `polling` = no socket, the page asks instead. */
export type LiveState = 'live' | 'connecting' | 'polling';

export const live = signal<LiveState>('connecting');

export interface LiveEvent {
  readonly seq: number;
  readonly type: string;
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

type Listener = (event: LiveEvent) => void;

const listeners = new Map<string, Set<Listener>>();

/** First pause before a new try, its growth, and the longest (spec/ui.md 4.3), ms. */
const RETRY_MS = 1_200;
const RETRY_GROWTH = 1.7;
const RETRY_MAX_MS = 15_000;
/** A sidecar without this socket is asked rarely, ms. */
const ABSENT_RETRY_MS = 60_000;

/** `type` or `*` for all. Returns what stops it. */
export function onLiveEvent(type: string, listener: Listener): () => void {
  const set = listeners.get(type) ?? new Set();
  listeners.set(type, set.add(listener));
  return () => set.delete(listener);
}

/** One message of the socket; `null` when it is none of ours. */
export function readLiveEvent(text: unknown): LiveEvent | null {
  if (typeof text !== 'string') return null;
  try {
    const value = JSON.parse(text) as Partial<LiveEvent> | null;
    if (typeof value?.type !== 'string') return null;
    return { seq: value.seq ?? 0, type: value.type, atMs: value.atMs ?? Date.now(), data: value.data ?? {} };
  } catch {
    return null; // not JSON: a message for somebody else
  }
}

export function publish(event: LiveEvent): void {
  for (const type of [event.type, '*']) for (const listener of listeners.get(type) ?? []) listener(event);
}

/** Connects and stays connected. Returns what ends it. */
export function startLive(url: string): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = RETRY_MS;
  let lastSeq = 0;
  let everOpen = false;
  let ended = false;

  const connect = (): void => {
    socket = new WebSocket(lastSeq === 0 ? url : `${url}?since=${lastSeq}`);
    socket.onopen = () => {
      live.value = 'live';
      retryMs = RETRY_MS;
      // What happened while nobody listened is unknown unless the sidecar can replay it.
      if (everOpen && lastSeq === 0) publish({ seq: 0, type: 'resync', atMs: Date.now(), data: {} });
      everOpen = true;
    };
    socket.onmessage = ({ data }) => {
      const event = readLiveEvent(data);
      if (event === null) return;
      lastSeq = Math.max(lastSeq, event.seq);
      publish(event);
    };
    socket.onclose = () => {
      if (ended) return;
      live.value = 'polling';
      timer = setTimeout(connect, everOpen ? retryMs : ABSENT_RETRY_MS);
      retryMs = Math.min(retryMs * RETRY_GROWTH, RETRY_MAX_MS);
    };
  };
  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket?.close();
  };
}
