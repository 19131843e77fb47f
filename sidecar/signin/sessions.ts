/** Dashboard sessions: 12 h from the last request, 7 days at most (design §11). They outlive a restart of the process. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Role } from './actor';
import type { SessionRow, SigninStore } from './signin-store';

export const ROLLING_MS = 12 * 3_600_000;
const LONGEST_MS = 7 * 24 * 3_600_000;
/** A session's last request is written, and its cookie renewed, at most this often. */
const RENEW_AFTER_MS = 5 * 60_000;
/** More than this many at once: the least recently used one goes. */
const MOST_SESSIONS = 1000;
const SECRET_BYTES = 32;

/** A session that has not ended. */
export interface Session {
  /** Hash of the secret: names the session without giving it away. */
  readonly id: string;
  readonly role: Role;
  readonly totpVerified: boolean;
  readonly expiresAtMs: number;
}

/** A session and the secret that its cookie holds. */
export interface OpenedSession {
  readonly secret: string;
  readonly session: Session;
}

export class Sessions {
  readonly #store: SigninStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rows = new Map<string, SessionRow>();

  private constructor(store: SigninStore, clock: Clock, logger: Logger, rows: readonly SessionRow[]) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    for (const row of rows) this.#rows.set(row.id_hash, row);
  }

  static async open(store: SigninStore, clock: Clock, logger: Logger): Promise<Sessions> {
    return new Sessions(store, clock, logger, await store.sessions());
  }

  /** The session behind a secret; `null` when there is none or it has ended. */
  find(secret: string | null): Session | null {
    const row = secret === null ? undefined : this.#rows.get(hashOf(secret));
    if (row === undefined) return null;
    const session = toSession(row);
    return this.#clock.now() < session.expiresAtMs ? session : null;
  }

  /** Notes that the session is in use. @returns ms that its cookie should live from now, `null` = not to be renewed yet */
  touch(session: Session): number | null {
    const row = this.#rows.get(session.id);
    const nowMs = this.#clock.now();
    if (row === undefined || nowMs - row.seen_at_ms < RENEW_AFTER_MS) return null;
    const seen = { ...row, seen_at_ms: nowMs };
    this.#rows.set(row.id_hash, seen);
    this.#store.putSession(seen).catch((error: unknown) => this.#logger.warn('session_not_renewed', { error }));
    return toSession(seen).expiresAtMs - nowMs;
  }

  /** Opens a session; an older one that it follows ends. */
  async start(role: Role, totpVerified: boolean, follows: Session | null = null): Promise<OpenedSession> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const nowMs = this.#clock.now();
    const totp = totpVerified ? 1 : 0;
    const row = { id_hash: hashOf(secret), role, totp_verified: totp, created_at_ms: nowMs, seen_at_ms: nowMs };
    await this.#store.putSession(row);
    this.#rows.set(row.id_hash, row);
    await this.end(this.#surplus(follows));
    return { secret, session: toSession(row) };
  }

  async end(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#rows.delete(id);
    if (ids.length > 0) await this.#store.deleteSessions(ids);
  }

  /** Forgets every session; their rows are deleted by whoever asks. */
  forgetAll(): void {
    this.#rows.clear();
  }

  /** Ids of the sessions of a role. */
  idsOf(role: Role): string[] {
    return [...this.#rows.values()].filter((row) => row.role === role).map(({ id_hash: id }) => id);
  }

  #surplus(follows: Session | null): string[] {
    const nowMs = this.#clock.now();
    const rows = [...this.#rows.values()];
    const ended = rows.filter((row) => toSession(row).expiresAtMs <= nowMs).map(({ id_hash: id }) => id);
    const most = rows.sort((a, b) => b.seen_at_ms - a.seen_at_ms).slice(MOST_SESSIONS);
    return [...new Set([...ended, ...most.map(({ id_hash: id }) => id), ...(follows === null ? [] : [follows.id])])];
  }
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id_hash,
    role: row.role,
    totpVerified: row.totp_verified === 1,
    expiresAtMs: Math.min(row.seen_at_ms + ROLLING_MS, row.created_at_ms + LONGEST_MS),
  };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}
