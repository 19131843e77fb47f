/** What a client hears when its key has reached a limit (design §11). */
import type { LimitType, LimitWindow } from '../contract/api-keys';
import { TightropeError } from '../platform/errors';
import type { LimitCounter } from './limit-counter';

const WHAT: Readonly<Record<LimitType, string>> = {
  total_tokens: 'tokens',
  input_tokens: 'input tokens',
  output_tokens: 'output tokens',
  cost_usd: 'cost',
  requests: 'requests',
};
const PERIOD: Readonly<Record<LimitWindow, string>> = {
  five_hour: 'five hours',
  daily: 'a day',
  weekly: 'a week',
  monthly: '30 days',
};

/** When turns in flight hold what is left, the first one that ends may make room long before the window does. */
const SOON_SECONDS = 1;

export function limitRefusal(counter: LimitCounter, nowMs: number): TightropeError {
  const { type, window, modelFilter } = counter.terms;
  const { resetAtMs } = counter.stateAt(nowMs);
  const seconds = Math.max(1, Math.ceil((resetAtMs - nowMs) / 1000));
  const scope = modelFilter === '' ? '' : ` of ${modelFilter}`;
  // Requests in flight count in the end, nearly all of them; of tokens and cost the estimates are mostly too high.
  const isHeld = !counter.isUsedUp(nowMs) && type !== 'requests';
  const state = isHeld ? 'is held by turns in flight; it is' : 'is reached; it is';
  return new TightropeError('api_key_limit_exceeded', {
    message: `The limit of this API key for ${WHAT[type]}${scope} in ${PERIOD[window]} ${state} reset at ${new Date(resetAtMs).toISOString()}.`,
    details: {
      limit_type: type,
      limit_window: window,
      resets_at: Math.ceil(resetAtMs / 1000),
      resets_in_seconds: seconds,
    },
    headers: { 'retry-after': String(isHeld ? SOON_SECONDS : seconds) },
  });
}
