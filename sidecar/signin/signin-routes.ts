/** `/api/dashboard-auth` (spec/admin-api.md 10.3). The guard lets sign-in itself through without a session. */
import { Router, type Request, type Response } from 'express';
import { PasswordChange, PasswordOnly, PasswordSetup, TotpCode, TotpConfirm } from '../contract/signin';
import { compile } from '../contract/validate';
import { actorOf, type Actor } from './actor';
import { clearedCookie, sessionCookie, sessionSecretOf } from './session-cookie';
import type { OpenedSession, Session } from './sessions';
import type { Asker, SigninService } from './signin-service';

/** Whether a request certainly comes from this machine. */
export type IsOnThisMachine = (request: Request) => boolean;

const BASE = '/dashboard-auth';

/** Routes below `/api`. */
export function signinRoutes(signin: SigninService, isOnThisMachine: IsOnThisMachine): Router {
  const router = Router();
  const desk = new Desk(signin, isOnThisMachine);
  router.get(`${BASE}/session`, (request, response) => {
    const asker = desk.askerOf(request, response);
    desk.answerAs(response, asker, asker.session);
  });
  addPasswordRoutes(router, desk);
  addReaderRoutes(router, desk);
  addTotpRoutes(router, desk);
  router.post(`${BASE}/logout`, async (request, response) => {
    await signin.signOut(desk.askerOf(request, response));
    response.setHeader('set-cookie', clearedCookie());
    response.json({ status: 'ok' });
  });
  return router;
}

/** Who asks, and how sign-in is answered. */
class Desk {
  constructor(
    readonly signin: SigninService,
    private readonly isOnThisMachine: IsOnThisMachine,
  ) {}

  askerOf(request: Request, response: Response): Asker {
    return {
      actor: actorOf(response),
      onThisMachine: this.isOnThisMachine(request),
      session: this.signin.session(sessionSecretOf(request.rawHeaders)),
    };
  }

  answerAs(response: Response, asker: Asker, session: Session | null): void {
    response.json(this.signin.view({ ...asker, session }));
  }

  /** Hands out the cookie of a session that was opened. */
  enter(request: Request, response: Response, asker: Asker, { secret, session }: OpenedSession): void {
    response.setHeader('set-cookie', sessionCookie(secret, session.expiresAtMs - Date.now(), isHttps(request)));
    this.answerAs(response, { ...asker, actor: signedIn(asker.actor, session) }, session);
  }
}

function addPasswordRoutes(router: Router, desk: Desk): void {
  const { signin } = desk;
  const readSetup = compile(PasswordSetup, 'body');
  const readPassword = compile(PasswordOnly, 'body');
  const readChange = compile(PasswordChange, 'body');
  router.post(`${BASE}/password/setup`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    const { password, bootstrapToken } = readSetup(request.body);
    desk.enter(request, response, asker, await signin.setUp(asker, password, bootstrapToken));
  });
  router.post(`${BASE}/password/login`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    desk.enter(request, response, asker, await signin.signIn(asker, readPassword(request.body).password));
  });
  router.post(`${BASE}/password/change`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    const { currentPassword, newPassword } = readChange(request.body);
    desk.enter(request, response, asker, await signin.changePassword(asker, currentPassword, newPassword));
  });
  router.delete(`${BASE}/password`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    await signin.removePassword(asker, readPassword(request.body).password);
    response.setHeader('set-cookie', clearedCookie());
    desk.answerAs(response, asker, null);
  });
}

function addReaderRoutes(router: Router, desk: Desk): void {
  const { signin } = desk;
  const readPassword = compile(PasswordOnly, 'body');
  router.put(`${BASE}/reader`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    await signin.setReaderPassword(readPassword(request.body).password);
    desk.answerAs(response, asker, asker.session);
  });
  router.delete(`${BASE}/reader`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    await signin.setReaderPassword(null);
    desk.answerAs(response, asker, asker.session);
  });
}

function addTotpRoutes(router: Router, desk: Desk): void {
  const { signin } = desk;
  const readCode = compile(TotpCode, 'body');
  const readConfirm = compile(TotpConfirm, 'body');
  router.post(`${BASE}/totp/setup/start`, async (request, response) => {
    response.json(await signin.offerTotp(desk.askerOf(request, response)));
  });
  router.post(`${BASE}/totp/setup/confirm`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    const { secret, code } = readConfirm(request.body);
    desk.enter(request, response, asker, await signin.confirmTotp(asker, secret, code));
  });
  router.post(`${BASE}/totp/verify`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    desk.enter(request, response, asker, await signin.verifyTotp(asker, readCode(request.body).code));
  });
  router.post(`${BASE}/totp/disable`, async (request, response) => {
    const asker = desk.askerOf(request, response);
    await signin.disableTotp(asker, readCode(request.body).code);
    desk.answerAs(response, asker, asker.session);
  });
}

function signedIn(actor: Actor, session: Session): Actor {
  return { ...actor, kind: 'session', role: session.role, sessionId: session.id };
}

/** The page itself says how it was reached: a proxy that ends TLS keeps the browser's own origin. */
function isHttps(request: Request): boolean {
  return (request.headers.origin ?? '').toLowerCase().startsWith('https:');
}
