/** Refuses request targets that two readers could understand differently, before anything looks at the path. */
import type { RequestHandler } from 'express';
import { TightropeError } from '../platform/errors';

/**
 * 400 for absolute-form targets (this is no forward proxy, and their authority would bypass the Host check) and for
 * percent-encodings that do not decode to UTF-8.
 */
export const requestTarget: RequestHandler = (request, _response, next) => {
  const target = request.originalUrl;
  if (!target.startsWith('/')) {
    next(new TightropeError('invalid_request', { message: 'The request target must be a path.' }));
    return;
  }
  next(
    decodes(target)
      ? undefined
      : new TightropeError('invalid_request', { message: 'The URL is not encoded properly.' }),
  );
};

function decodes(target: string): boolean {
  try {
    decodeURIComponent(target);
    return true;
  } catch {
    return false; // URIError is the only thing it throws
  }
}
