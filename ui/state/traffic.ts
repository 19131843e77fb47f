/**
 * Bytes between the sidecar and its upstreams since this page was opened, as the traffic socket tells them
 * (`/api/accounts/traffic/ws`; one binary frame per account, spec/ui.md 4.3 with 16-byte ids, design §4).
 */
import { computed, signal } from '@preact/signals';
import { nowMs } from './clock';
import { readTrafficFrame } from './traffic-frame';

export interface AccountTraffic {
  readonly upBytes: number;
  readonly downBytes: number;
  /** When this page saw them grow, UTC ms; 0 = not yet. */
  readonly upAtMs: number;
  readonly downAtMs: number;
}

/** An account is lit for this long after its last byte, ms. */
const LIT_MS = 7_000;
const BINS = 60;

export const traffic = signal<ReadonlyMap<string, AccountTraffic>>(new Map());
/** When the socket first opened, UTC ms; `null` = there is no such socket (yet). */
export const trafficSince = signal<number | null>(null);
export const trafficUp = signal(0);
export const trafficDown = signal(0);

const bins = signal<ReadonlyMap<number, { readonly up: number; readonly down: number }>>(new Map());

/** Bytes per second of the last minute, oldest first. */
export const trafficRates = computed(() => {
  const now = Math.floor(nowMs.value / 1000);
  const seconds = Array.from({ length: BINS }, (_, index) => bins.value.get(now - BINS + 1 + index));
  return { up: seconds.map((bin) => bin?.up ?? 0), down: seconds.map((bin) => bin?.down ?? 0) };
});

/** Whether bytes went up or down for this account just now. */
export function isLit(accountId: string, direction: 'up' | 'down'): boolean {
  const seen = traffic.value.get(accountId);
  return seen !== undefined && nowMs.value - (direction === 'up' ? seen.upAtMs : seen.downAtMs) <= LIT_MS;
}

/** Takes in one frame. Totals that shrink mean a new process: they start over. */
export function applyTraffic(
  accountId: string,
  upBytes: number,
  downBytes: number,
  atMs: number,
  isFirstSight: boolean,
): void {
  const before = traffic.value.get(accountId);
  const up = growth(before?.upBytes, upBytes, isFirstSight);
  const down = growth(before?.downBytes, downBytes, isFirstSight);
  const next = {
    upBytes,
    downBytes,
    upAtMs: up > 0 ? atMs : (before?.upAtMs ?? 0),
    downAtMs: down > 0 ? atMs : (before?.downAtMs ?? 0),
  };
  traffic.value = new Map(traffic.value).set(accountId, next);
  if (up === 0 && down === 0) return;
  trafficUp.value += up;
  trafficDown.value += down;
  count(Math.floor(atMs / 1000), up, down);
}

function growth(before: number | undefined, now: number, isFirstSight: boolean): number {
  if (before === undefined) return isFirstSight ? 0 : now;
  return now >= before ? now - before : now;
}

function count(second: number, up: number, down: number): void {
  const kept = [...bins.value].filter(([at]) => at > second - BINS);
  const before = bins.value.get(second) ?? { up: 0, down: 0 };
  bins.value = new Map(kept).set(second, { up: before.up + up, down: before.down + down });
}

const RETRY_MAX_MS = 15_000;
const ABSENT_RETRY_MS = 60_000;

/** Connects and stays connected. Returns what ends it. */
export function startTraffic(url: string): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = 1_200;
  let openedAtMs = 0;
  let ended = false;
  const connect = (): void => {
    socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      openedAtMs = Date.now();
      trafficSince.value ??= openedAtMs;
      retryMs = 1_200;
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const frame = data instanceof ArrayBuffer ? readTrafficFrame(data) : null;
      if (frame !== null) applyTraffic(frame.accountId, frame.upBytes, frame.downBytes, Date.now(), frame.isSnapshot);
    };
    socket.onclose = () => {
      if (ended) return;
      timer = setTimeout(connect, openedAtMs === 0 ? ABSENT_RETRY_MS : retryMs);
      retryMs = Math.min(retryMs * 1.7, RETRY_MAX_MS);
    };
  };
  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket?.close();
  };
}
