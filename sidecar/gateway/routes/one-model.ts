/** `GET /v1/models/{id}`: one model of the catalogue, by its own name, an alias, or a name with an effort suffix. */
import { anthropicModel, openAiModel } from '../../contract/model-projection';
import { TightropeError } from '../../platform/errors';
import type { KeyRing, ModelSource } from '../ports';
import type { ModelNames } from '../protocol/model-names';
import { respondJson } from '../turn/respond';
import { speaksAnthropic } from './error-body-for';
import { shownNames } from './models';
import type { RouteHandler } from './router';

/** The model keeps the name it was asked by, so that clients find what they look for. */
export function modelRoute(models: ModelSource, names: ModelNames, keys: KeyRing): RouteHandler {
  return async (turn) => {
    const id = decoded(turn.record.path.slice(turn.record.path.lastIndexOf('/') + 1));
    await models.catalogue(undefined, turn.cancel.signal);
    if (turn.clientLeft) return;
    const entry = names.entryOf(id);
    const { apiKeyId } = turn.caller;
    const shown = apiKeyId === null ? null : shownNames(keys.rulesOf(apiKeyId));
    const isShown = shown === null || shown.has(String(entry?.['slug']).toLowerCase());
    if (entry === undefined || !isShown) throw new TightropeError('model_not_found', { param: 'model' });
    const named = { ...entry, slug: id };
    const body = speaksAnthropic(turn.request) ? anthropicModel(named) : openAiModel(named);
    respondJson(turn.response, 200, turn.headers, JSON.stringify(body));
    turn.answered(200);
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw new TightropeError('invalid_request', { message: 'The path holds a bad escape.', cause: error });
  }
}
