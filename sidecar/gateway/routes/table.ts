/** Every proxied route of this build: method, path, handler. */
import type { ModelSource, PoolLimits } from '../ports';
import { chatRoute } from './chat';
import { countTokensRoute, messagesRoute } from './messages';
import { modelsRoute } from './models';
import { modelRoute } from './one-model';
import { productRoutes } from './product-routes';
import { responsesRoute } from './responses';
import { responsesFrames } from './frames';
import type { CallServices } from './pool-call';
import type { RouteEntry } from './router';
import { sideRoutes } from './side-routes';
import { usageRoute } from './usage';

export interface RouteServices extends CallServices {
  readonly models: ModelSource;
  readonly limits: PoolLimits;
}

export function gatewayRoutes(services: RouteServices): RouteEntry[] {
  const usage = usageRoute(services.limits, services.now);
  return [
    {
      method: 'POST',
      path: '/v1/responses',
      handle: responsesRoute(services, 'v1'),
      frames: responsesFrames(services, 'v1'),
    },
    {
      method: 'POST',
      path: '/backend-api/codex/responses',
      handle: responsesRoute(services, 'codex'),
      frames: responsesFrames(services, 'codex'),
    },
    { method: 'POST', path: '/v1/chat/completions', handle: chatRoute(services) },
    { method: 'POST', path: '/v1/messages', handle: messagesRoute(services, services.models) },
    { method: 'POST', path: '/v1/messages/count_tokens', handle: countTokensRoute(services.names) },
    { method: 'GET', path: '/v1/models', handle: modelsRoute(services.models, services.keys, 'v1') },
    { method: 'GET', path: '/v1/models/{id}', handle: modelRoute(services.models, services.names, services.keys) },
    { method: 'GET', path: '/backend-api/codex/models', handle: modelsRoute(services.models, services.keys, 'codex') },
    { method: 'GET', path: '/api/codex/usage', handle: usage, quiet: true },
    { method: 'GET', path: '/backend-api/wham/usage', handle: usage, quiet: true },
    ...sideRoutes(services),
    ...productRoutes(services),
  ];
}
