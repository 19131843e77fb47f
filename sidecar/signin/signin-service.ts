/** Signing in to the dashboard: password, second factor, sessions, and a password for people who may only look. */
import type { SigninSession } from '../contract/signin';
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import type { SettingsService } from '../settings/settings-service';
import type { SecretBox } from '../vault/vault';
import type { Actor } from './actor';
import type { BootstrapToken } from './bootstrap-token';
import { LockOut } from './lock-out';
import { hashPassword, verifyPassword } from './password-hash';
import { Sessions, type OpenedSession, type Session } from './sessions';
import type { Credentials, SigninStore } from './signin-store';
import { newTotpSecret, totpInvitation, totpStep } from './totp';

export interface SigninParts {
  readonly store: SigninStore;
  readonly settings: SettingsService;
  /** Seals the secret of the second factor. */
  readonly box: SecretBox;
  readonly bootstrap: BootstrapToken;
  /** Whether the page may be opened from off this machine: then a first password needs the bootstrap token. */
  readonly reachableFromAway: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who asks: whom the guard let in, and whether the request certainly comes from this machine. */
export interface Asker {
  readonly actor: Actor;
  readonly onThisMachine: boolean;
  readonly session: Session | null;
}

/** In characters; nothing is trimmed (spec/data-security.md 7.1). */
const SHORTEST_PASSWORD = 8;

export class SigninService {
  readonly #parts: SigninParts;
  readonly #sessions: Sessions;
  readonly #lockOut: LockOut;
  /** Secrets that were offered and not yet confirmed, by session. */
  readonly #offered = new Map<string, string>();
  #credentials: Credentials;

  private constructor(parts: SigninParts, sessions: Sessions, credentials: Credentials) {
    this.#parts = parts;
    this.#sessions = sessions;
    this.#credentials = credentials;
    this.#lockOut = new LockOut(parts.clock);
  }

  static async open(parts: SigninParts): Promise<SigninService> {
    const sessions = await Sessions.open(parts.store, parts.clock, parts.logger);
    const service = new SigninService(parts, sessions, await parts.store.credentials());
    parts.settings.addCheck(({ before, after }) => {
      const turnedOn = after.totpRequiredOnLogin && !before.totpRequiredOnLogin;
      if (turnedOn && !service.totpConfigured())
        throw new TightropeError('invalid_totp_config', { param: 'totpRequiredOnLogin' });
    });
    if (service.passwordSet()) await parts.bootstrap.discard();
    else await service.#makeBootstrapToken();
    return service;
  }

  passwordSet(): boolean {
    return this.#credentials.passwordHash !== null;
  }

  totpConfigured(): boolean {
    return this.#credentials.totpSecretSealed !== null;
  }

  /** The session of a cookie, whether or not its second factor is still missing. */
  session(secret: string | null): Session | null {
    return this.passwordSet() ? this.#sessions.find(secret) : null;
  }

  /** Whether the session has shown everything that is asked of it. */
  isComplete(session: Session): boolean {
    return session.role === 'reader' || session.totpVerified || !this.#totpRequired();
  }

  /** See `Sessions.touch`. */
  touch(session: Session): number | null {
    return this.#sessions.touch(session);
  }

  view({ actor, onThisMachine, session }: Asker): SigninSession {
    const passwordRequired = this.passwordSet();
    const byToken = actor.kind === 'admin_token';
    const complete = session !== null && this.isComplete(session);
    const authenticated = byToken || (passwordRequired ? complete : onThisMachine);
    return {
      authenticated,
      passwordRequired,
      totpRequiredOnLogin: session !== null && !complete,
      totpConfigured: this.totpConfigured(),
      role: authenticated ? (complete && !byToken ? session.role : 'admin') : null,
      readerConfigured: this.#credentials.readerPasswordHash !== null,
      bootstrapRequired: !passwordRequired && !onThisMachine && !byToken,
      expiresAtMs: session?.expiresAtMs ?? null,
    };
  }

  /** @throws TightropeError `password_already_configured`, `invalid_password`, `bootstrap_token_required`, `too_many_attempts` */
  async setUp(asker: Asker, password: string, bootstrapToken: string | undefined): Promise<OpenedSession> {
    if (this.passwordSet()) throw new TightropeError('password_already_configured');
    if (!asker.onThisMachine && asker.actor.kind !== 'admin_token') this.#checkBootstrap(asker, bootstrapToken);
    const passwordHash = await hashNew(password);
    if (this.passwordSet()) throw new TightropeError('password_already_configured');
    await this.#save({ ...this.#credentials, passwordHash }, true);
    await this.#parts.bootstrap.discard();
    return this.#sessions.start('admin', false);
  }

  /** @throws TightropeError `password_not_configured`, `invalid_credentials`, `too_many_attempts` */
  async signIn(asker: Asker, password: string): Promise<OpenedSession> {
    const { passwordHash, readerPasswordHash } = this.#credentials;
    if (passwordHash === null) throw new TightropeError('password_not_configured');
    this.#lockOut.attempt(asker.actor.address);
    const isAdmin = await verifyPassword(password, passwordHash);
    const isReader = !isAdmin && readerPasswordHash !== null && (await verifyPassword(password, readerPasswordHash));
    if (!isAdmin && !isReader) throw new TightropeError('invalid_credentials');
    // With a second factor the count goes on until its code was right, too.
    if (isReader || !this.#totpRequired()) this.#lockOut.succeeded(asker.actor.address);
    return this.#sessions.start(isAdmin ? 'admin' : 'reader', false, asker.session);
  }

  /** Ends every session and opens a new one. @throws TightropeError as `signIn`, and `invalid_password` */
  async changePassword(asker: Asker, current: string, next: string): Promise<OpenedSession> {
    await this.#provePassword(asker, current);
    await this.#save({ ...this.#credentials, passwordHash: await hashNew(next) }, true);
    return this.#sessions.start('admin', asker.session?.totpVerified ?? false);
  }

  /** Takes the second factor and the readers' password along. @throws TightropeError as `signIn` */
  async removePassword(asker: Asker, current: string): Promise<void> {
    await this.#provePassword(asker, current);
    await this.#parts.settings.change({ totpRequiredOnLogin: false }, { by: asker.actor.kind });
    await this.#save({ passwordHash: null, readerPasswordHash: null, totpSecretSealed: null }, true);
    await this.#makeBootstrapToken();
  }

  /** @throws TightropeError `password_not_configured`, `invalid_password` */
  async setReaderPassword(password: string | null): Promise<void> {
    if (!this.passwordSet()) throw new TightropeError('password_not_configured');
    const readerPasswordHash = password === null ? null : await hashNew(password);
    await this.#save({ ...this.#credentials, readerPasswordHash }, false);
    await this.#sessions.end(this.#sessions.idsOf('reader'));
  }

  /** @throws TightropeError `auth_required`, `invalid_totp_setup` */
  async offerTotp(asker: Asker): Promise<{ secret: string; otpauthUri: string; qrDataUrl: string }> {
    const session = this.#adminSession(asker);
    if (this.totpConfigured()) throw new TightropeError('invalid_totp_setup');
    const secret = newTotpSecret();
    const invitation = await totpInvitation(secret);
    this.#offered.set(session.id, secret);
    return { secret, ...invitation };
  }

  /** The code proves that the app holds the secret; it counts as used. @throws TightropeError `invalid_totp_setup`, `invalid_totp_code` */
  async confirmTotp(asker: Asker, secret: string, code: string): Promise<OpenedSession> {
    const session = this.#adminSession(asker);
    if (this.totpConfigured() || this.#offered.get(session.id) !== secret)
      throw new TightropeError('invalid_totp_setup');
    const step = this.#rightStep(asker, secret, code);
    const totpSecretSealed = this.#parts.box.seal(secret);
    await this.#save({ ...this.#credentials, totpSecretSealed }, false);
    await this.#parts.store.useStep(step);
    this.#lockOut.succeeded(asker.actor.address);
    this.#offered.delete(session.id);
    return this.#sessions.start(session.role, true, session);
  }

  /** @throws TightropeError `auth_required`, `invalid_totp_code` (wrong, used before, or none configured), `too_many_attempts` */
  async verifyTotp(asker: Asker, code: string): Promise<OpenedSession> {
    const session = this.#adminSession(asker);
    await this.#proveCode(asker, code);
    return this.#sessions.start(session.role, true, session);
  }

  /** @throws TightropeError as `verifyTotp` */
  async disableTotp(asker: Asker, code: string): Promise<void> {
    this.#adminSession(asker);
    await this.#proveCode(asker, code);
    await this.#parts.settings.change({ totpRequiredOnLogin: false }, { by: asker.actor.kind });
    await this.#save({ ...this.#credentials, totpSecretSealed: null }, false);
  }

  async signOut({ session }: Asker): Promise<void> {
    if (session === null) return;
    this.#offered.delete(session.id);
    await this.#sessions.end([session.id]);
  }

  async #provePassword(asker: Asker, password: string): Promise<void> {
    const { passwordHash } = this.#credentials;
    if (passwordHash === null) throw new TightropeError('password_not_configured');
    this.#lockOut.attempt(asker.actor.address);
    if (!(await verifyPassword(password, passwordHash))) throw new TightropeError('invalid_credentials');
    this.#lockOut.succeeded(asker.actor.address);
  }

  async #proveCode(asker: Asker, code: string): Promise<void> {
    const sealed = this.#credentials.totpSecretSealed;
    if (sealed === null) throw new TightropeError('invalid_totp_code');
    const step = this.#rightStep(asker, this.#parts.box.open(sealed), code);
    if (!(await this.#parts.store.useStep(step))) throw new TightropeError('invalid_totp_code');
    this.#lockOut.succeeded(asker.actor.address);
  }

  #rightStep(asker: Asker, secret: string, code: string): number {
    this.#lockOut.attempt(asker.actor.address);
    const step = totpStep(secret, code, this.#parts.clock.now());
    if (step === null) throw new TightropeError('invalid_totp_code');
    return step;
  }

  #checkBootstrap(asker: Asker, token: string | undefined): void {
    this.#lockOut.attempt(asker.actor.address);
    if (token === undefined || !this.#parts.bootstrap.matches(token))
      throw new TightropeError('bootstrap_token_required');
    this.#lockOut.succeeded(asker.actor.address);
  }

  #adminSession({ session }: Asker): Session {
    if (session?.role !== 'admin') throw new TightropeError('auth_required');
    return session;
  }

  #totpRequired(): boolean {
    return this.totpConfigured() && this.#parts.settings.current().totpRequiredOnLogin;
  }

  async #makeBootstrapToken(): Promise<void> {
    if (this.#parts.reachableFromAway) await this.#parts.bootstrap.make();
  }

  async #save(credentials: Credentials, endSessions: boolean): Promise<void> {
    await this.#parts.store.save(credentials, endSessions);
    this.#credentials = credentials;
    if (!endSessions) return;
    this.#sessions.forgetAll();
    this.#offered.clear();
  }
}

function hashNew(password: string): Promise<string> {
  if ([...password].length < SHORTEST_PASSWORD) throw new TightropeError('invalid_password');
  return hashPassword(password);
}
