/** The facts of one request in three groups. */
import type { RequestLog } from '../../../sidecar/contract/request-log';
import { OutcomeBadge } from '../../components/badge/badge';
import { CopyButton } from '../../components/copy-button/copy-button';
import { KeyValues } from '../../components/key-values/key-values';
import { decodeRate, outcomeOf } from '../../format/log';
import { formatBytes, formatCount, formatLatency, formatUsd, UNKNOWN } from '../../format/number';
import { formatFull } from '../../format/time';
import { labelOf } from '../../state/accounts';
import { go } from '../../state/place';
import { commonText, logsText } from '../../strings';

const names = logsText.facts;

export function RequestFacts({ row }: { readonly row: RequestLog }) {
  return (
    <>
      <section>
        <h3>{logsText.result}</h3>
        <Result row={row} />
      </section>
      <section>
        <h3>{logsText.request}</h3>
        <Request row={row} />
      </section>
      <section>
        <h3>{logsText.tokens}</h3>
        <Tokens row={row} />
      </section>
    </>
  );
}

function Result({ row }: { readonly row: RequestLog }) {
  const rate = decodeRate(row);
  return (
    <KeyValues
      facts={[
        [names.status, <OutcomeBadge outcome={outcomeOf(row)} statusCode={row.statusCode} />],
        [names.account, <AccountLink accountId={row.accountId} />],
        [names.errorCode, row.errorCode === null ? commonText.none : <span class="mono">{row.errorCode}</span>],
        [names.errorMessage, row.errorMessage ?? commonText.none],
        [names.blame, row.errorClass ?? commonText.none],
        [names.latency, formatLatency(row.latencyMs)],
        [names.firstToken, formatLatency(row.firstTokenMs)],
        [names.rate, rate === null ? null : logsText.rate(rate.toFixed(1))],
        [names.sticky, row.sticky ? commonText.yes : commonText.no],
      ]}
    />
  );
}

function AccountLink({ accountId }: { readonly accountId: string | null }) {
  if (accountId === null) return <>{labelOf(null)}</>;
  return (
    <button type="button" class="link" onClick={() => go({ page: 'accounts', part: accountId })}>
      {labelOf(accountId)}
    </button>
  );
}

function Id({ id }: { readonly id: string | null }) {
  if (id === null) return <>{UNKNOWN}</>;
  return (
    <span class="row">
      <span class="mono small">{id}</span>
      <CopyButton text={id} label={commonText.copy} />
    </span>
  );
}

function Request({ row }: { readonly row: RequestLog }) {
  return (
    <KeyValues
      facts={[
        [names.at, formatFull(row.requestedAtMs)],
        [names.id, <Id id={row.requestId} />],
        [names.endpoint, <span class="mono">{`${row.method} ${row.path}`}</span>],
        [names.model, row.model],
        [names.effort, row.reasoningEffort],
        [names.tier, row.serviceTier],
        [names.client, row.client],
        [names.session, <Id id={row.sessionId} />],
        [names.apiKey, row.apiKeyId],
        [names.transport, row.transport],
        [names.upstream, row.upstreamTransport],
        [names.response, <Id id={row.responseId} />],
        [names.node, <span class="mono small">{row.nodeId}</span>],
      ]}
    />
  );
}

function Tokens({ row }: { readonly row: RequestLog }) {
  return (
    <KeyValues
      facts={[
        [names.input, formatCount(row.inputTokens)],
        [names.cached, formatCount(row.cachedTokens)],
        [names.output, formatCount(row.outputTokens)],
        [names.reasoning, formatCount(row.reasoningTokens)],
        [names.totalTokens, formatCount(row.totalTokens)],
        [
          names.cost,
          row.totalCostUsd === null ? <span class="faint">— {logsText.unpriced}</span> : formatUsd(row.totalCostUsd),
        ],
        [names.bytes, `${formatBytes(row.bytesUp)} / ${formatBytes(row.bytesDown)}`],
      ]}
    />
  );
}
