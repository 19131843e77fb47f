/** The error that an upstream's terminal event tells, as an HTTP answer of ours carries it. */
import { TightropeError } from '../../platform/errors';
import { NO_ERROR_FACTS, type UpstreamErrorFacts } from '../protocol/upstream-error';
import { clientStatusOf } from '../upstream/classify';

/** `upstream_error` with the mapped status; the upstream's own code and type are in `details`. */
export function terminalError(facts: UpstreamErrorFacts | null): TightropeError {
  const { code, type, message, param } = facts ?? NO_ERROR_FACTS;
  return new TightropeError('upstream_error', {
    status: clientStatusOf(facts ?? NO_ERROR_FACTS),
    ...(message === null ? {} : { message }),
    ...(param === null ? {} : { param }),
    details: {
      ...(code === null ? {} : { code }),
      ...(type === null ? {} : { type }),
    },
  });
}
