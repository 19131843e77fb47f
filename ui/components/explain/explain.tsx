/** Why an account served, or would serve: bound by → candidates → picked. For past requests and for "what if". */
import type { Decision, DecisionCandidate } from '../../../sidecar/contract/routing';
import { formatCount, formatScore } from '../../format/number';
import { labelOf } from '../../state/accounts';
import { explainText } from '../../strings';
import { Badge, type BadgeTone } from '../badge/badge';
import './explain.css';

const TONES: Readonly<Record<DecisionCandidate['verdict'], BadgeTone>> = {
  chosen: 'accent',
  eligible: 'ok',
  excluded: 'off',
};

export function Explain({ decision }: { readonly decision: Decision }) {
  const bound =
    decision.boundBy === null
      ? explainText.free
      : explainText.boundBy(explainText.bindings[decision.boundBy] ?? decision.boundBy);
  return (
    <ol class="explain">
      <li>
        <h4>{explainText.binding}</h4>
        <p>
          {bound}
          {decision.boundAccountId === null ? null : <> → {labelOf(decision.boundAccountId)}</>}{' '}
          <span class="faint">({explainText.grades[decision.grade]})</span>
        </p>
        {decision.released ? <p>{explainText.released}</p> : null}
        {decision.cachedTokensLost === null ? null : (
          <p>{explainText.lostTokens(formatCount(decision.cachedTokensLost))}</p>
        )}
      </li>
      <li>
        <h4>{explainText.candidates(decision.eligible, decision.considered)}</h4>
        <ul class="candidates">
          {decision.candidates.map((candidate) => (
            <Candidate key={candidate.accountId} candidate={candidate} />
          ))}
        </ul>
        {decision.candidates.length === 0 ? <p class="muted">{explainText.nobody}</p> : null}
      </li>
      <li>
        <h4>{explainText.picked}</h4>
        <p>
          {decision.accountId === null ? (
            <span class="tone-danger">{decision.refusal ?? explainText.none}</span>
          ) : (
            <>
              <strong>{labelOf(decision.accountId)}</strong>{' '}
              <span class="faint">{explainText.by(decision.strategy)}</span>
            </>
          )}
        </p>
        {decision.estimatedInputTokens === null ? null : (
          <p class="small faint">{explainText.estimated(formatCount(decision.estimatedInputTokens))}</p>
        )}
      </li>
    </ol>
  );
}

function Candidate({ candidate }: { readonly candidate: DecisionCandidate }) {
  const parts = Object.entries(candidate.parts);
  return (
    <li>
      <div class="row">
        <span class="ellipsis candidate-name">{labelOf(candidate.accountId)}</span>
        <Badge tone={TONES[candidate.verdict]}>{explainText.verdicts[candidate.verdict]}</Badge>
        <span class="spacer" />
        <span class="mono" title={explainText.scoreTitle}>
          {formatScore(candidate.score)}
        </span>
      </div>
      <p class="small muted">{candidate.reason}</p>
      {parts.length === 0 ? null : (
        <ul class="score-parts">
          {parts.map(([name, value]) => (
            <li key={name}>
              <span class="faint">{explainText.parts[name] ?? name}</span>
              <span class="mono">{Number.isInteger(value) ? formatCount(value) : formatScore(value)}</span>
              {value >= 0 && value <= 1 ? (
                <span class="score-bar" aria-hidden="true">
                  <span style={{ width: `${value * 100}%` }} />
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
