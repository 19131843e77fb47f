/** Which methods a path answers, read from the routers themselves, so that a wrong method is 405 and not 404. */
import type { RequestHandler, Router } from 'express';
import { TightropeError } from '../platform/errors';

interface Route {
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}

/** The routes of one mount point. */
export interface RouteTable {
  /** Methods (upper case) of a path below the mount point; empty = no such path. */
  methodsOf(path: string): readonly string[];
}

/** Reads flat routers, i.e. those with all their paths registered on themselves, as the feature routers are. */
export function routeTable(routers: readonly Router[]): RouteTable {
  const routes = routers.flatMap(routesOf);
  return {
    methodsOf(path) {
      const segments = split(path);
      const methods = new Set(
        routes.filter((route) => matches(route.segments, segments)).flatMap((route) => route.methods),
      );
      if (methods.has('GET')) methods.add('HEAD');
      return [...methods].sort();
    },
  };
}

/** Answers `OPTIONS` on known paths with their methods, and nothing that would open them to other sites. */
export function answerOptions(table: RouteTable): RequestHandler {
  return (request, response, next) => {
    const methods = request.method === 'OPTIONS' ? table.methodsOf(request.path) : [];
    if (methods.length === 0) {
      next();
      return;
    }
    response.status(204).setHeader('allow', methods.join(', '));
    response.end();
  };
}

/** Comes after the routers: 405 with `Allow` when the path is known, else on to whatever follows. */
export function refuseOtherMethods(table: RouteTable): RequestHandler {
  return (request, _response, next) => {
    const methods = table.methodsOf(request.path);
    if (methods.length === 0) {
      next();
      return;
    }
    next(new TightropeError('method_not_allowed', { headers: { allow: methods.join(', ') } }));
  };
}

function routesOf(router: Router): Route[] {
  return router.stack.flatMap((layer) => {
    const route = layer.route;
    if (route === undefined) return [];
    return [{ segments: split(route.path), methods: route.stack.map((handler) => handler.method.toUpperCase()) }];
  });
}

/** Case and trailing slashes do not matter, as in the routers. */
function split(path: string): string[] {
  return path
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '');
}

/** `:name` stands for one segment, `*name` for the rest. */
function matches(route: readonly string[], path: readonly string[]): boolean {
  for (const [index, segment] of route.entries()) {
    if (segment.startsWith('*')) return path.length > index;
    const given = path[index];
    if (given === undefined || (!segment.startsWith(':') && segment !== given)) return false;
  }
  return route.length === path.length;
}
