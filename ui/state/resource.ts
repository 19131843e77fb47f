/** One thing read from the sidecar: its value, how old it is, why the last reading failed. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { ApiError } from '../api/request';

export interface Resource<T> {
  /** The last value that was read; kept when a later reading fails. */
  readonly data: ReadonlySignal<T | null>;
  readonly error: ReadonlySignal<ApiError | null>;
  readonly loading: ReadonlySignal<boolean>;
  /** When `data` was read, UTC ms; `null` = never. */
  readonly readAtMs: ReadonlySignal<number | null>;
  /** Reads now. A call while one is under way makes it read once more afterwards, because the world moved on. Never rejects. */
  refresh(): Promise<void>;
  /** Puts an answer of a change in place without reading again. */
  put(value: T): void;
  /** Forgets everything and stops a reading. */
  reset(): void;
}

/** @param load must settle when its signal aborts */
export function resource<T>(load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const data = signal<T | null>(null);
  const error = signal<ApiError | null>(null);
  const loading = signal(false);
  const readAtMs = signal<number | null>(null);
  let running: Promise<void> | null = null;
  let again = false;
  let abort = new AbortController();

  const read = async (): Promise<void> => {
    const { signal: mine } = abort;
    try {
      const value = await load(mine);
      if (mine.aborted) return;
      put(value);
    } catch (thrown) {
      if (mine.aborted) return;
      error.value = toApiError(thrown);
    }
  };
  const put = (value: T): void => {
    data.value = value;
    error.value = null;
    readAtMs.value = Date.now();
  };
  const run = async (): Promise<void> => {
    loading.value = true;
    do {
      again = false;
      await read();
    } while (again);
    loading.value = false;
    running = null;
  };
  return {
    data,
    error,
    loading,
    readAtMs,
    put,
    refresh() {
      if (running === null) running = run();
      else again = true;
      return running;
    },
    reset() {
      abort.abort();
      abort = new AbortController();
      data.value = null;
      error.value = null;
      readAtMs.value = null;
    },
  };
}

/** Whatever was thrown, as an error with a code. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError(0, 'page_error', thrown instanceof Error ? thrown.message : String(thrown));
}
