/** The control plane's Express app: the order of its checks, and what is mounted where (spec/admin-api.md 2). */
import express, { type Express, type Request, type RequestHandler, type Router } from 'express';
import type { Health } from '../contract/runtime';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import type { AuditService } from '../signin/audit-service';
import { auditTrail } from './audit-trail';
import { errorHandler } from './error-handler';
import { guardMiddleware, type GuardRules, refuseHost, visitorOf } from './guard';
import { healthRoute } from './health-route';
import { jsonBody, USUAL_BODY_BYTES } from './json-body';
import { lockGate } from './lock-gate';
import { requestId } from './request-id';
import { requestTarget } from './request-target';
import { answerOptions, refuseOtherMethods, routeTable } from './route-table';
import { privateAnswers, securityHeaders } from './security-headers';

export interface AdminAppParts {
  readonly rules: GuardRules;
  readonly health: () => Health;
  /** Feature routers, each with full paths below `/api`; earlier ones win. */
  readonly routers: readonly Router[];
  /** Routers with full paths outside `/api`, open to whoever passes the Host check. @default none */
  readonly openRouters?: readonly Router[];
  /** The static page (`servePage`). */
  readonly page: RequestHandler;
  readonly audit: Pick<AuditService, 'record'>;
  /** Whether the stored logins are locked. */
  readonly isLocked: () => boolean;
  readonly logger: Logger;
  /** Makes ids for requests that bring none (UUIDv7). */
  readonly newId: () => string;
}

/** An import of a thousand logins at most (import-requests.ts), each with some 6 kB of tokens. */
const IMPORT = /^(?:\/accounts)?\/import\/*$/i;
const IMPORT_BODY_BYTES = 16 * 1024 * 1024;

const UPLOAD = /^\/accounts\/import\/(?:files|sqlite\/upload)\/*$/i;

/** Builds the app. It owns no timer and no socket: nothing to stop. */
export function createAdminApp(parts: AdminAppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');

  app.use(requestId(parts.newId), securityHeaders, requestTarget, hostGuard(parts.rules));
  mountRoot(app, [healthRoute(parts.health), ...(parts.openRouters ?? [])]);
  app.use('/api', privateAnswers);
  app.use(
    '/api',
    guardMiddleware(parts.rules),
    lockGate(parts.isLocked),
    unlessUpload(jsonBody(maxBodyBytes)),
    auditTrail(parts.audit),
  );
  mountApi(app, parts.routers);
  app.use(parts.page);
  app.use(unknownPath);
  app.use(errorHandler(parts.logger));
  return app;
}

/** Bodies that are no JSON; their routes check the type and bound the size themselves. */
function unlessUpload(reader: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'POST' && UPLOAD.test(request.path)) next();
    else void reader(request, response, next);
  };
}

function maxBodyBytes({ method, path }: Request): number {
  return method === 'POST' && IMPORT.test(path) ? IMPORT_BODY_BYTES : USUAL_BODY_BYTES;
}

function mountRoot(app: Express, routers: readonly Router[]): void {
  const table = routeTable(routers);
  app.use(answerOptions(table), ...routers, refuseOtherMethods(table));
}

function mountApi(app: Express, routers: readonly Router[]): void {
  const table = routeTable(routers);
  app.use('/api', answerOptions(table));
  for (const router of routers) app.use('/api', router);
  app.use('/api', refuseOtherMethods(table), unknownPath);
}

function hostGuard(rules: GuardRules): RequestHandler {
  return (request, _response, next) => {
    next(refuseHost(rules, visitorOf(request)) ?? undefined);
  };
}

const unknownPath: RequestHandler = (_request, _response, next) => {
  next(new TightropeError('not_found'));
};
