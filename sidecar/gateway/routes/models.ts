/** `GET /v1/models` and `GET /backend-api/codex/models`, answered from the pool's catalogue. */
import { createHash } from 'node:crypto';
import { anthropicModelList, codexModelList, openAiModelList, wantsCodexShape } from '../../contract/model-projection';
import type { Catalogue, KeyRing, KeyRules, ModelSource } from '../ports';
import type { RouteFlavour } from '../protocol/responses-rules';
import { respondJson } from '../turn/respond';
import { speaksAnthropic } from './error-body-for';
import type { RouteHandler } from './router';

/**
 * The Codex route, and `/v1/models?client_version=…`, answer whole upstream objects with an `ETag`; Anthropic clients get their
 * own list and everyone else the OpenAI one (spec codex-wire 2.1, 2.8).
 */
export function modelsRoute(models: ModelSource, keys: KeyRing, flavour: RouteFlavour): RouteHandler {
  return async (turn) => {
    const { request, response } = turn;
    const clientVersion = queryValue(request.url ?? '', 'client_version');
    const whole = await models.catalogue(clientVersion, turn.cancel.signal);
    if (turn.clientLeft) return;
    const { apiKeyId } = turn.caller;
    const catalogue = apiKeyId === null ? whole : ofKey(whole, keys.rulesOf(apiKeyId));
    const codex = flavour === 'codex' || wantsCodexShape(clientVersion);
    const anthropic = !codex && speaksAnthropic(request);
    const etag = codex ? catalogue.etag : shapeEtag(catalogue.etag, anthropic ? 'anthropic' : 'openai');
    const headers = [...turn.headers, 'etag', etag, 'cache-control', 'private, no-cache'];
    if (matches(request.headers['if-none-match'], etag)) {
      response.writeHead(304, headers);
      response.end();
      turn.answered(304);
      return;
    }
    const project = codex ? codexModelList : anthropic ? anthropicModelList : openAiModelList;
    const body = project(catalogue.models);
    respondJson(response, 200, headers, JSON.stringify(body));
    turn.answered(200);
  };
}

/** The models that a key may ask for: those it allows and the one it enforces (spec/admin-api.md 2.7). */
export function ofKey(catalogue: Catalogue, rules: KeyRules): Catalogue {
  const names = shownNames(rules);
  if (names === null) return catalogue;
  const shown = catalogue.models.filter(({ slug }) => typeof slug === 'string' && names.has(slug.toLowerCase()));
  const scope = createHash('sha256')
    .update(JSON.stringify([...names].sort()))
    .digest('hex')
    .slice(0, 16);
  return { models: shown, etag: catalogue.etag.replace(/"$/, `-${scope}"`) };
}

/** Names, in lower case, of the models that a key may see; `null` = all. */
export function shownNames({ models, enforcedModel }: KeyRules): ReadonlySet<string> | null {
  if (enforcedModel === null) return models;
  return new Set([...(models ?? []), enforcedModel.toLowerCase()]);
}

/** The same list in another shape is another representation and needs a validator of its own (RFC 9110 8.8.3). */
function shapeEtag(etag: string, shape: string): string {
  return etag.replace(/"$/, `-${shape}"`);
}

function queryValue(url: string, name: string): string | undefined {
  const query = url.indexOf('?');
  return query === -1 ? undefined : (new URLSearchParams(url.slice(query + 1)).get(name) ?? undefined);
}

/** RFC 9110 13.1.2: weak comparison against a list. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((candidate) => {
    const tag = candidate.trim();
    return tag === '*' || tag === etag || tag === `W/${etag}`;
  });
}
