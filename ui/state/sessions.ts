/** Sticky sessions and what people do to them. */
import { deleteSession, listSessions, moveSession, purgeSessions, releaseSession, type Session } from '../api/sessions';
import { sessionsText } from '../strings';
import { labelOf } from './accounts';
import { keepFresh } from './freshness';
import { notify, telling } from './notices';
import { resource, toApiError } from './resource';

export const sessionList = keepFresh(resource(listSessions), {
  pollMs: 10_000,
  on: ['sessions_changed', 'request_log'],
});

export async function forget(sessions: readonly Session[]): Promise<void> {
  await telling(
    () => Promise.all(sessions.map((session) => deleteSession(session))),
    sessionsText.forgotten(sessions.length),
  );
  await sessionList.refresh();
}

export async function release(session: Session): Promise<void> {
  await telling(() => releaseSession(session), sessionsText.released);
  await sessionList.refresh();
}

export async function move(session: Session, accountId: string): Promise<void> {
  await telling(() => moveSession(session, accountId), sessionsText.moved(labelOf(accountId)));
  await sessionList.refresh();
}

export async function purgeStale(): Promise<void> {
  try {
    const { removed } = await purgeSessions();
    notify('success', sessionsText.forgotten(removed));
  } catch (error) {
    notify('error', toApiError(error).message);
  }
  await sessionList.refresh();
}
