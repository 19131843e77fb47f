/** `GET /api/app/meta` (spec/admin-api.md 11.2). */
import type { Socket } from 'node:net';
import { Router } from 'express';
import type { AppMeta } from '../contract/app-meta';
import { normalizeAddress } from '../platform/peer-address';

export interface AppMetaFacts {
  readonly version: string;
  /** Runs as the single executable. */
  readonly packaged: boolean;
  readonly oauthCallbackUrl: string;
}

/** Routes below `/api`. */
export function appMetaRoutes({ version, packaged, oauthCallbackUrl }: AppMetaFacts): Router {
  const router = Router();
  router.get('/app/meta', (request, response) => {
    const runtimeBind = bindOf(request.socket);
    const meta: AppMeta = {
      version,
      buildChannel: packaged ? 'release' : 'debug',
      packaged,
      platform: process.platform,
      runtimeBind,
      oauthCallbackUrl,
      codexBaseUrl: `http://${runtimeBind}/backend-api/codex`,
    };
    response.json(meta);
  });
  return router;
}

function bindOf({ localAddress, localPort }: Socket): string {
  const address = normalizeAddress(localAddress) ?? 'localhost';
  return `${address.includes(':') ? `[${address}]` : address}:${String(localPort ?? 0)}`;
}
