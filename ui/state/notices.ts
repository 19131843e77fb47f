/** What the page tells its user: short-lived messages, and all of them again in the history. */
import { computed, signal } from '@preact/signals';

export type NoticeLevel = 'info' | 'success' | 'warn' | 'error';

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Notice {
  readonly id: number;
  readonly level: NoticeLevel;
  readonly text: string;
  readonly atMs: number;
  readonly action: NoticeAction | null;
}

/** How long a message stays on the screen; errors stay until closed (spec/ui.md 12), ms. */
const LIFE_MS: Readonly<Record<NoticeLevel, number>> = {
  info: 4_000,
  success: 4_000,
  warn: 8_000,
  error: Number.POSITIVE_INFINITY,
};
/** A message with a way back stays long enough to take it. */
const ACTION_LIFE_MS = 10_000;
const MAX_TOASTS = 3;
const MAX_HISTORY = 200;

/** Newest first. */
export const notices = signal<readonly Notice[]>([]);
const closed = signal<ReadonlySet<number>>(new Set());
/** Notices up to this id were seen in the history. */
export const seenNoticeId = signal(0);

let lastId = 0;

/** Messages on the screen, oldest first. */
export const toasts = computed(() =>
  notices.value
    .filter(({ id }) => !closed.value.has(id))
    .slice(0, MAX_TOASTS)
    .reverse(),
);

export const unseenProblems = computed(
  () =>
    notices.value.filter(({ id, level }) => id > seenNoticeId.value && (level === 'warn' || level === 'error')).length,
);

/** Tells the user something. The same message twice in a row counts once. */
export function notify(level: NoticeLevel, text: string, action: NoticeAction | null = null): void {
  const newest = notices.value[0];
  if (newest?.text === text && action === null && !closed.value.has(newest.id)) return;
  const notice: Notice = { id: ++lastId, level, text, atMs: Date.now(), action };
  notices.value = [notice, ...notices.value].slice(0, MAX_HISTORY);
  const lifeMs = action === null ? LIFE_MS[level] : Math.max(ACTION_LIFE_MS, LIFE_MS[level]);
  if (Number.isFinite(lifeMs)) setTimeout(() => closeNotice(notice.id), lifeMs);
}

export function closeNotice(id: number): void {
  closed.value = new Set([...closed.value, id]);
}

export function markNoticesSeen(): void {
  seenNoticeId.value = lastId;
}

/** Runs a change and tells how it went. Resolves to whether it worked. */
export async function telling(
  work: () => Promise<unknown>,
  done: string,
  action: NoticeAction | null = null,
): Promise<boolean> {
  try {
    await work();
    notify('success', done, action);
    return true;
  } catch (error) {
    notify('error', error instanceof Error ? error.message : String(error));
    return false;
  }
}
