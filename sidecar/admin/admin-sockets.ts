/**
 * The control plane's WebSockets: express-ws behind a gate of our own. express-ws accepts an upgrade before any
 * middleware has run, so guard, path and query are checked here first and refused with a real HTTP answer.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import express, { type Request } from 'express';
import expressWs from 'express-ws';
import type { WebSocket } from 'ws';
import type { LiveSocketRoute } from '../live/live-routes';
import { dashboardEnvelope, TightropeError, toTightropeError } from '../platform/errors';
import { refuseOnBareSocket } from '../platform/socket-refusal';
import { type Visitor, visitorOf } from './guard';

export interface AdminSocketParts {
  readonly routes: readonly LiveSocketRoute[];
  /** The guard's refusal of a visitor of this path below `/api`, or `null`. */
  readonly refuse: (visitor: Visitor, path: string) => TightropeError | null;
  readonly onDefect: (thrown: unknown) => void;
}

export type AdminUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What clients say is at most the word `snapshot` (spec/admin-api.md 6.14). */
const MAX_MESSAGE_BYTES = 128;
/** Live sockets at one time; a page holds two. */
const MAX_SOCKETS = 256;

/** Accepts upgrades of the given routes. Whoever serves a socket ends it: nothing to stop here. */
export function createAdminSockets({ routes, refuse, onDefect }: AdminSocketParts): AdminUpgrade {
  // Never listens: express-ws takes its upgrades from a server, and this one gets only those that passed.
  const gate = createServer();
  const accepted = new WeakMap<IncomingMessage, (socket: WebSocket) => void>();
  const { app, getWss } = expressWs(express(), gate, {
    leaveRouterUntouched: true,
    wsOptions: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false },
  });
  // Without a listener a malformed frame would end the process.
  getWss().on('connection', (socket: WebSocket) => socket.on('error', () => socket.terminate()));
  for (const { path } of routes) {
    app.ws(path, (socket: WebSocket, request: Request) => {
      accepted.get(request)?.(socket);
    });
  }
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const path = url.pathname.toLowerCase().replace(/\/+$/, '');
      const refused = refuse(visitorOf(request), path.slice('/api'.length));
      if (refused !== null) throw refused;
      const route = routes.find((one) => one.path === path);
      if (route === undefined) throw new TightropeError('not_found');
      if (getWss().clients.size >= MAX_SOCKETS) {
        throw new TightropeError('proxy_overloaded', { message: 'Too many live sockets are open.' });
      }
      accepted.set(request, route.read(url.searchParams));
      gate.emit('upgrade', request, socket, head);
    } catch (thrown) {
      const error = toTightropeError(thrown);
      if (error.code === 'internal_error') onDefect(thrown);
      refuseOnBareSocket(socket, error, dashboardEnvelope(error));
    }
  };
}
