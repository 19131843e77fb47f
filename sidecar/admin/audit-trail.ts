/** Records every change that comes through the admin API, whatever its route: the one place that does (issue 6). */
import type { RequestHandler } from 'express';
import { actorOf } from '../signin/actor';
import type { AuditService } from '../signin/audit-service';
import { requestNames } from './request-id';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Too many attempts are refused so that they cost nothing: neither a row. */
const TOO_MANY = 429;
/** Not about the state of Tightrope. */
const UNRECORDED = /^\/(?:client-errors|routing\/preview)\/*$/i;

/** Stands behind the guard and the body's reader. */
export function auditTrail(audit: Pick<AuditService, 'record'>): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    if (!READING.has(method) && !UNRECORDED.test(path)) {
      const actor = actorOf(response);
      const fields = fieldNames(request.body);
      response.once('finish', () => {
        if (response.statusCode === TOO_MANY) return;
        const { requestId } = requestNames(response);
        audit.record({ actor, method, path: `/api${path}`, status: response.statusCode, fields, requestId });
      });
    }
    next();
  };
}

function fieldNames(body: unknown): string[] {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
}
