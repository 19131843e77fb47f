/** Who would serve now (design §11). */
import type { RoutingPreview, RoutingPreviewRequest } from '../../sidecar/contract/routing';
import { call } from './request';

/** Reserves nothing. */
export function previewRouting(request: RoutingPreviewRequest): Promise<RoutingPreview> {
  return call('POST', '/api/routing/preview', { body: request });
}
