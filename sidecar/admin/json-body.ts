/** Reads the body of an admin request: JSON in UTF-8, uncompressed, bounded (spec/admin-api.md 2.1). */
import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { TightropeError } from '../platform/errors';

/** Most bytes of a body. Uploads bring their own reader. */
export const USUAL_BODY_BYTES = 1024 * 1024;

/**
 * Leaves `request.body` undefined when there is no body. A body that is not declared as JSON is refused even where the
 * route would ignore it: a form of another site must not reach any route (CSRF).
 *
 * @param maxBytesOf most bytes of this request's body; a few different limits in all, each has its own parser.
 */
export function jsonBody(maxBytesOf: (request: Request) => number = () => USUAL_BODY_BYTES): RequestHandler {
  const parsers = new Map<number, Parsers>();
  return (request, response, next) => {
    if (!hasBody(request)) {
      next();
      return;
    }
    const maxBytes = maxBytesOf(request);
    const refusal = refuseHeaders(request, maxBytes);
    if (refusal !== null) {
      next(refusal);
      return;
    }
    const { readJson, readBytes } = parsers.get(maxBytes) ?? createParsers(maxBytes);
    const typed = request.headers['content-type'] !== undefined;
    (typed ? readJson : readBytes)(request, response, (error?: unknown) => {
      if (error !== undefined) next(translate(error, maxBytes));
      else next(typed ? undefined : emptied(request));
    });
  };

  function createParsers(limit: number): Parsers {
    const limits = { limit, inflate: false, type: () => true };
    const made = {
      readJson: express.json({ ...limits, strict: false, verify: requireUtf8 }),
      readBytes: express.raw(limits),
    };
    parsers.set(limit, made);
    return made;
  }
}

/** With a type announced, and without. */
interface Parsers {
  readonly readJson: RequestHandler;
  readonly readBytes: RequestHandler;
}

/** The parser turns what is thrown here into its own `entity.verify.failed`. */
function requireUtf8(_request: unknown, _response: unknown, bytes: Buffer): void {
  if (!isUtf8(bytes)) throw new Error('not UTF-8');
}

/** Some clients announce a chunked body without a type and then send none: only what is really there needs a type. */
function emptied(request: Request): TightropeError | undefined {
  const body: unknown = request.body;
  request.body = undefined;
  return Buffer.isBuffer(body) && body.length > 0 ? new TightropeError('unsupported_media_type') : undefined;
}

function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function refuseHeaders(request: Request, maxBytes: number): TightropeError | null {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    return new TightropeError('unsupported_media_type', {
      message: 'Send the body uncompressed.',
      headers: { 'accept-encoding': 'identity' },
    });
  }
  const [type = '', ...parameters] = (request.headers['content-type'] ?? 'application/json').split(';');
  if (type.trim().toLowerCase() !== 'application/json') return new TightropeError('unsupported_media_type');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/i.exec(parameter)?.[1])
    .find(Boolean);
  if (charset !== undefined && !/^utf-8$/i.test(charset)) {
    return new TightropeError('unsupported_media_type', { message: 'Send the body in UTF-8.' });
  }
  // Told from the header, the answer goes out at once; Node drains what still arrives, so the client can read it.
  return Number(request.headers['content-length'] ?? 0) > maxBytes ? tooLarge(maxBytes) : null;
}

/** The parser's errors in our words. Its messages quote the body, so they are not passed on. */
function translate(error: unknown, maxBytes: number): unknown {
  if (typeof error !== 'object' || error === null || !('type' in error)) return error;
  switch (error.type) {
    case 'entity.too.large':
      return tooLarge(maxBytes);
    case 'entity.parse.failed':
      return new TightropeError('invalid_json');
    case 'entity.verify.failed':
      return new TightropeError('invalid_json', { message: 'The body is not UTF-8.' });
    case 'request.aborted':
      return new TightropeError('client_disconnected', { cause: error });
    case 'request.size.invalid':
      return new TightropeError('invalid_request', { message: 'The body is shorter than its content-length.' });
    default:
      return error;
  }
}

function tooLarge(maxBytes: number): TightropeError {
  return new TightropeError('payload_too_large', { message: `The body may have at most ${maxBytes} bytes here.` });
}
