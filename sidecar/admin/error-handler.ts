/** The one place where an admin request's error becomes an answer, in the envelope of its path family. */
import type { ErrorRequestHandler } from 'express';
import { endAfterRequestBody } from '../platform/early-answer';
import { dashboardEnvelope, openAiEnvelope, TightropeError, toTightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { requestNames } from './request-id';

/** Paths of proxied families that the control plane serves: they keep the OpenAI envelope (spec/admin-api.md 2.2). */
const OPENAI_PATH = /^\/api\/models\/*$/i;

/** Unknown errors are logged once, with the request id, and answered as `internal_error` without any of their text. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = fromHttpError(thrown) ?? toTightropeError(thrown);
    const path = request.originalUrl.split('?', 1)[0] ?? '';
    if (error.status >= 500) {
      const names = requestNames(response);
      logger.error('admin_request_failed', {
        ...names,
        method: request.method,
        path,
        code: error.code,
        error: cause(error),
      });
    }
    if (response.headersSent) {
      // Too late for an answer: a broken connection is the only honest sign that is left.
      response.destroy();
      return;
    }
    for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value);
    const envelope = OPENAI_PATH.test(path) ? openAiEnvelope(error) : dashboardEnvelope(error);
    const body = Buffer.from(JSON.stringify(envelope));
    response.status(error.status).type('json').setHeader('content-length', body.length);
    endAfterRequestBody(response, body);
  };
}

/** Errors of Express and its parts carry a status; theirs below 500 are about the request, and become ours. */
function fromHttpError(thrown: unknown): TightropeError | null {
  if (thrown instanceof TightropeError || typeof thrown !== 'object' || thrown === null || !('status' in thrown))
    return null;
  const { status } = thrown;
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  if (status === 404) return new TightropeError('not_found', { cause: thrown });
  return new TightropeError('invalid_request', { status, cause: thrown });
}

function cause(error: TightropeError): unknown {
  return error.cause ?? error;
}
