/**
 * Method and path to handler for the proxied prefixes. Every unknown path is 404 and every wrong method 405, both in the
 * OpenAI envelope; nothing here falls through to the admin plane.
 */
import { TightropeError } from '../../platform/errors';
import type { FrameTurn } from '../turn/frame-turn';
import type { HttpTurn } from '../turn/http-turn';

/** Serves one turn to its end: the answer is complete or the client gone when it resolves. */
export type RouteHandler = (turn: HttpTurn) => Promise<void>;

/** Serves one `response.create` frame to the end of its answer. */
export type FrameHandler = (turn: FrameTurn, frame: Buffer) => Promise<void>;

export interface RouteEntry {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{id}` as a segment stands for any text, `*` as the last one for any further segments. */
  readonly path: string;
  readonly handle: RouteHandler;
  /** The path is also a WebSocket route: serves its frames; a plain GET is told to upgrade instead of 405. */
  readonly frames?: FrameHandler;
  /** Asked again and again by clients and answered from memory: leaves no row in the request log. */
  readonly quiet?: boolean;
}

export interface RouteMatch {
  readonly path: string;
  readonly handle: RouteHandler;
  readonly quiet: boolean;
}

export interface SocketMatch {
  readonly path: string;
  readonly serve: FrameHandler;
}

export interface GatewayRouter {
  /** @throws TightropeError `not_found`, `method_not_allowed`, `websocket_not_supported`, `invalid_request` (bad path) */
  match(method: string, url: string): RouteMatch;
  /**
   * Who serves the frames of a WebSocket on this path.
   * @throws TightropeError `not_found`, `invalid_request` (bad path)
   */
  matchSocket(url: string): SocketMatch;
}

export function createGatewayRouter(entries: readonly RouteEntry[]): GatewayRouter {
  const byPath = new Map<string, RouteEntry[]>();
  for (const entry of entries) byPath.set(entry.path, [...(byPath.get(entry.path) ?? []), entry]);
  const patterns = [...byPath]
    .filter(([path]) => /[{*]/.test(path))
    .map(([path, of]) => ({ path: patternOf(path), of }));
  return {
    match: (method, url) => {
      const path = canonicalPath(url);
      const found = byPath.get(path) ?? patterns.find((pattern) => pattern.path.test(path))?.of;
      if (found === undefined) throw new TightropeError('not_found', { message: `No route at ${path.slice(0, 200)}.` });
      const wanted = method === 'HEAD' ? 'GET' : method;
      const entry = found.find((candidate) => candidate.method === wanted);
      if (entry !== undefined) return { path, handle: entry.handle, quiet: entry.quiet === true };
      throw methodRefusal(method, path, found);
    },
    matchSocket: (url) => {
      const path = canonicalPath(url);
      const serve = byPath.get(path)?.find((entry) => entry.frames !== undefined)?.frames;
      if (serve === undefined)
        throw new TightropeError('not_found', { message: `No socket at ${path.slice(0, 200)}.` });
      return { path, serve };
    },
  };
}

function patternOf(path: string): RegExp {
  const segments = path.split('/').map((segment) => {
    if (segment === '*') return '.+';
    return segment.startsWith('{') ? '[^/]+' : segment.replace(/[.\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}$`);
}

function methodRefusal(method: string, path: string, found: readonly RouteEntry[]): TightropeError {
  if (method === 'GET' && found.some((entry) => entry.frames !== undefined)) {
    return new TightropeError('websocket_not_supported', { headers: { upgrade: 'websocket', connection: 'Upgrade' } });
  }
  const allow = [...new Set(found.map((entry) => entry.method))].join(', ');
  return new TightropeError('method_not_allowed', {
    message: `${path} answers ${allow}, not ${method}.`,
    headers: { allow },
  });
}

/**
 * The path a request means: query off, one trailing slash off, `/backend-api/codex/v1/x` as `/backend-api/codex/x`
 * (clients that add `/v1` themselves; spec codex-wire 2.1). Encoded slashes and dot segments are refused before matching.
 */
export function canonicalPath(url: string): string {
  const query = url.search(/[?#]/);
  let path = query === -1 ? url : url.slice(0, query);
  if (/%2f|%5c|%2e|\\|\/\.{1,2}(\/|$)/i.test(path)) {
    throw new TightropeError('invalid_request', { message: 'The path holds an encoded slash or a dot segment.' });
  }
  if (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1);
  return path.startsWith('/backend-api/codex/v1/')
    ? `/backend-api/codex/${path.slice('/backend-api/codex/v1/'.length)}`
    : path;
}
