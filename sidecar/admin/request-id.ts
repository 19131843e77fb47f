/** Gives every admin request an id: the caller's own where it is usable, always answered in `x-request-id`. */
import type { RequestHandler, Response } from 'express';

/** Visible ASCII only: the id goes into a header and into log lines. */
const USABLE = /^[\x21-\x7e]{1,128}$/;

/** What a request is called. Two requests may share `requestId` (the caller chose it), never `internalId`. */
export interface RequestNames {
  readonly requestId: string;
  readonly internalId: string;
}

/** @param newId makes the internal id (UUIDv7), which stands in when the caller sent no usable one. */
export function requestId(newId: () => string): RequestHandler {
  return (request, response, next) => {
    const internalId = newId();
    const given = request.get('x-request-id')?.trim() || request.get('request-id')?.trim() || '';
    const names: RequestNames = { internalId, requestId: USABLE.test(given) ? given : internalId };
    response.locals['names'] = names;
    response.setHeader('x-request-id', names.requestId);
    next();
  };
}

/** The names given above; empty ones when the request never came that far. */
export function requestNames(response: Response): RequestNames {
  const names: unknown = response.locals['names'];
  return isRequestNames(names) ? names : { requestId: '', internalId: '' };
}

function isRequestNames(value: unknown): value is RequestNames {
  return typeof value === 'object' && value !== null && 'requestId' in value && 'internalId' in value;
}
