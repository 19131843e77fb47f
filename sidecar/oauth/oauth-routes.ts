/** `/api/oauth/*` and the callback on the main port (spec/admin-api.md 9). */
import { Router } from 'express';
import { withoutNulls } from '../contract/null-as-absent';
import { OAuthCompleteRequest, OAuthFlowReference, OAuthManualCallback, OAuthStartRequest } from '../contract/oauth';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import { callbackPage, CALLBACK_PAGE_HEADERS } from './callback-page';
import { readCallbackQuery } from './callback-query';
import type { OAuthService } from './oauth-service';

/** Routes below `/api`. Every body may be left out. */
export function oauthRoutes(oauth: OAuthService): Router {
  const options = { code: 'invalid_request' } as const;
  const readStart = compile(OAuthStartRequest, 'body', options);
  const readReference = compile(OAuthFlowReference, 'body', options);
  const readQuery = compile(OAuthFlowReference, 'query', { code: 'invalid_query' });
  const readComplete = compile(OAuthCompleteRequest, 'body', options);
  const readManual = compile(OAuthManualCallback, 'body', options);
  const router = Router();

  router.post('/oauth/start', async (request, response) => {
    const body = readStart(bodyOf(request.body));
    const word = (body.forceMethod ?? body.force_method ?? '').toLowerCase();
    const method = word === 'device' ? 'device' : 'browser';
    response.json(await oauth.start({ method, accountId: body.accountId ?? null }));
  });

  router.get('/oauth/status', (request, response) => {
    response.json(oauth.status(readQuery(request.query).flowId));
  });

  router.get('/oauth/flows', (_request, response) => {
    response.json({ flows: oauth.list() });
  });

  router.post('/oauth/stop', (request, response) => {
    response.json(oauth.stop(readReference(bodyOf(request.body)).flowId));
  });

  router.post('/oauth/restart', async (request, response) => {
    response.json(await oauth.restart(readReference(bodyOf(request.body)).flowId));
  });

  router.post('/oauth/complete', (request, response) => {
    const body = readComplete(bodyOf(request.body));
    response.json({ status: oauth.deviceStatus(body.flowId, body.deviceAuthId ?? body.device_auth_id) });
  });

  router.post('/oauth/manual-callback', async (request, response) => {
    const body = readManual(request.body === undefined ? {} : withoutNulls(request.body));
    const text = (body.callbackUrl ?? body.callback_url ?? '').trim();
    if (text === '') throw new TightropeError('invalid_callback', { param: 'callbackUrl' });
    response.json(await oauth.paste(text, body.flowId));
  });

  return router;
}

/**
 * `GET /auth/callback` on the main port, for redirect addresses that lead here. It needs no session: the one-time state is
 * what lets a callback in.
 */
export function oauthCallbackRoute(oauth: Pick<OAuthService, 'callback'>): Router {
  const router = Router();
  router.get('/auth/callback', async (request, response) => {
    const result = await oauth.callback(readCallbackQuery(request.originalUrl));
    response
      .status(result.ok ? 200 : 400)
      .set(CALLBACK_PAGE_HEADERS)
      .end(callbackPage(result));
  });
  return router;
}

function bodyOf(body: unknown): unknown {
  return body === undefined ? {} : withoutNulls(body);
}
