/** Every try of a request: who was asked, what came back, why it went on. */
import type { RequestLogDetail } from '../../../sidecar/contract/request-log';
import { Badge } from '../../components/badge/badge';
import { formatLatency, UNKNOWN } from '../../format/number';
import { labelOf } from '../../state/accounts';
import { commonText, logsText } from '../../strings';

export function AttemptChain({ attempts }: { readonly attempts: RequestLogDetail['attemptLog'] }) {
  if (attempts.length === 0) return <p class="muted">{commonText.none}</p>;
  return (
    <ol class="attempts">
      {attempts.map((attempt, index) => (
        <li key={index}>
          <span class="faint small">{logsText.attempt(index + 1)}</span>
          <strong class="ellipsis">{labelOf(attempt.accountId)}</strong>
          <Badge tone={attempt.code === null && attempt.blame === null ? 'ok' : 'danger'}>
            {attempt.status ?? UNKNOWN}
          </Badge>
          <span class="muted">{formatLatency(attempt.ms)}</span>
          <span class="mono small ellipsis">{attempt.code}</span>
          <span class="faint small">{attempt.blame}</span>
        </li>
      ))}
    </ol>
  );
}
