/** Who would serve a described request now, in the words of the API. */
import { explainDecision } from '../../contract/decision-note';
import type { RoutingPreview, RoutingPreviewRequest } from '../../contract/routing';
import type { Binding } from './routing-ports';
import type { LeaseRequest, Selector } from './selector';

/**
 * Decides as for a real request, without taking anything.
 * @param bindingOf what would bind such a request
 */
export function previewRouting(
  selector: Pick<Selector, 'preview'>,
  bindingOf: (request: RoutingPreviewRequest) => Binding,
): (request: RoutingPreviewRequest) => RoutingPreview {
  return (request) => {
    const { model = null, estimatedInputTokens } = request;
    const imagined: LeaseRequest = { model, excluded: new Set(), binding: bindingOf(request) };
    const { account, returnsAtMs, note } = selector.preview(
      estimatedInputTokens === undefined ? imagined : { ...imagined, estimatedInputTokens },
    );
    return { accountId: account?.id ?? null, returnsAtMs, decision: explainDecision(note) };
  };
}
