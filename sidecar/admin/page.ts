/** Serves the page: static files of one folder, and its index for every address the page routes by itself. */
import { extname } from 'node:path';
import express, { type RequestHandler, type Response } from 'express';
import { TightropeError } from '../platform/errors';
import { codeOf } from '../platform/thrown';

/** Names that the build gives to files whose content never changes under that name (`main-3F7K2QXA.js`). */
const HASHED_NAME = /[-.][A-Z0-9]{8,}\.[a-z0-9]+$/;

/** A year, the longest that caches honour. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/**
 * @param folder absolute path of the built page, beside the bundle. Files outside it and dotfiles are never served
 *   (`send` resolves and checks the path).
 */
export function servePage(folder: string): RequestHandler {
  const files = express.static(folder, { dotfiles: 'ignore', index: false, redirect: false, setHeaders: cacheByName });
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      next(
        request.path === '/'
          ? new TightropeError('method_not_allowed', { headers: { allow: 'GET, HEAD' } })
          : undefined,
      );
      return;
    }
    const isPlace =
      request.path === '/' || (extname(request.path) === '' && request.accepts(['json', 'html']) === 'html');
    if (isPlace) sendIndex(folder, response, next);
    else files(request, response, next);
  };
}

function sendIndex(folder: string, response: Response, next: (error?: unknown) => void): void {
  const options = { root: folder, headers: { 'cache-control': 'no-cache' }, cacheControl: false };
  response.sendFile('index.html', options, (error: unknown) => {
    if (error === undefined || error === null) return;
    next(
      codeOf(error) === 'ENOENT'
        ? new TightropeError('not_found', { message: 'The page was not built.', cause: error })
        : error,
    );
  });
}

function cacheByName(response: { setHeader(name: string, value: string): unknown }, path: string): void {
  response.setHeader('cache-control', HASHED_NAME.test(path) ? IMMUTABLE : 'no-cache');
}
