/** What an API key changes in a request body, or refuses (spec/data-security.md 8.5): byte edits of the form that goes upstream. */
import { TightropeError } from '../../platform/errors';
import type { KeyRules } from '../ports';
import { objectPatches } from './edits';
import { upstreamEffort } from './field-rules';
import { RequestDraft } from './request-draft';

/** A body and what is known of it, as upstream would get it. */
export interface ModelRequest {
  readonly body: Buffer;
  readonly model: string;
  readonly reasoningEffort: string | undefined;
  readonly serviceTier: string | undefined;
}

/** What upstream takes a missing effort for. */
const USUAL_EFFORT = 'medium';
/** Weakest first (spec/codex-wire.md 2.8). */
const EFFORT_SCALE = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'];

/**
 * The request as the key wants it; the one that came when nothing has to change.
 * @throws TightropeError `model_not_allowed`, `reasoning_effort_not_allowed`
 */
export function applyKeyRules<R extends ModelRequest>(request: R, rules: KeyRules): R {
  const model = modelFor(request.model, rules);
  const reasoningEffort = effortFor(request.reasoningEffort, rules);
  const serviceTier = tierFor(request.serviceTier, rules);
  const changes = {
    model: model !== request.model,
    effort: reasoningEffort !== request.reasoningEffort,
    tier: serviceTier !== request.serviceTier,
  };
  if (!changes.model && !changes.effort && !changes.tier) return request;
  const draft = new RequestDraft(request.body);
  if (changes.model) draft.set('model', JSON.stringify(model));
  if (changes.effort && reasoningEffort !== undefined) setEffort(draft, reasoningEffort);
  if (changes.tier) {
    if (serviceTier === undefined) draft.remove('service_tier');
    else draft.set('service_tier', JSON.stringify(serviceTier));
  }
  return { ...request, body: draft.finish(), model, reasoningEffort, serviceTier };
}

/**
 * The model that is asked for in the end.
 * @param asked empty = the request names none
 * @throws TightropeError `model_not_allowed`, also when none is named and not every one is allowed
 */
export function modelFor(asked: string, { models, enforcedModel }: KeyRules): string {
  const model = enforcedModel ?? asked;
  if (models === null || models.has(model.trim().toLowerCase())) return model;
  const message =
    model.trim() === ''
      ? 'This API key needs a model to be named.'
      : `This API key may not use ${model.slice(0, 100)}.`;
  throw new TightropeError('model_not_allowed', { message, param: 'model' });
}

function effortFor(asked: string | undefined, { efforts, enforcedEffort }: KeyRules): string | undefined {
  if (enforcedEffort !== null) return upstreamEffort(enforcedEffort);
  if (efforts === null) return asked;
  const isAllowed = (effort: string): boolean =>
    efforts.some((allowed) => allowed === effort || upstreamEffort(allowed) === effort);
  if (isAllowed((asked ?? USUAL_EFFORT).trim().toLowerCase())) return asked;
  if (asked === undefined) return upstreamEffort(nearestToUsual(efforts));
  throw new TightropeError('reasoning_effort_not_allowed', {
    message: `This API key may not use the reasoning effort ${asked.slice(0, 50)}; it may use ${efforts.join(', ')}.`,
    param: 'reasoning.effort',
  });
}

/** For a request that leaves the effort to upstream: the strongest below what upstream would take, else the weakest. */
function nearestToUsual(efforts: readonly string[]): string {
  const usual = EFFORT_SCALE.indexOf(USUAL_EFFORT);
  return efforts.findLast((effort) => EFFORT_SCALE.indexOf(effort) < usual) ?? efforts[0] ?? USUAL_EFFORT;
}

function tierFor(asked: string | undefined, { enforcedTier }: KeyRules): string | undefined {
  if (enforcedTier === null) return asked;
  return enforcedTier === 'default' ? undefined : enforcedTier;
}

/** Other members of `reasoning` keep their bytes. */
function setEffort(draft: RequestDraft, effort: string): void {
  const json = JSON.stringify(effort);
  const reasoning = draft.object('reasoning');
  if (reasoning === undefined) draft.set('reasoning', `{"effort":${json}}`);
  else draft.splice(objectPatches(reasoning, [{ op: 'set', key: 'effort', json }]));
}
