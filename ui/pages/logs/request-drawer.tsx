/** One request in full: what was asked, what came of it, what it cost, and why this account. */
import { useEffect, useMemo } from 'preact/hooks';
import type { RequestLogDetail } from '../../../sidecar/contract/request-log';
import { readLog } from '../../api/logs';
import { CopyButton } from '../../components/copy-button/copy-button';
import { Dialog } from '../../components/dialog/dialog';
import { Empty, Failure, Skeleton } from '../../components/empty/empty';
import { Explain } from '../../components/explain/explain';
import { logRows } from '../../state/logs';
import { setPart } from '../../state/place';
import { resource } from '../../state/resource';
import { logsText } from '../../strings';
import { AttemptChain } from './attempt-chain';
import { RequestFacts } from './request-facts';

export function RequestDrawer({ id }: { readonly id: string }) {
  const detail = useMemo(() => resource((abort) => readLog(id, abort)), [id]);
  useEffect(() => void detail.refresh(), [detail]);
  const rows = logRows.value;
  const at = rows.findIndex((row) => row.id === id || row.requestId === id);
  const step = (by: number): void => {
    const next = at === -1 ? undefined : rows[at + by];
    if (next !== undefined) setPart(next.id);
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'j' || event.key === 'ArrowDown') step(1);
      else if (event.key === 'k' || event.key === 'ArrowUp') step(-1);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
  const value = detail.data.value;
  const tools = (
    <>
      <button type="button" class="button quiet" disabled={at <= 0} onClick={() => step(-1)}>
        {logsText.previous}
      </button>
      <button type="button" class="button quiet" disabled={at === -1 || at >= rows.length - 1} onClick={() => step(1)}>
        {logsText.next}
      </button>
    </>
  );
  return (
    <Dialog
      title={logsText.drawer(id.slice(0, 18))}
      drawer
      width={560}
      onClose={() => setPart('')}
      tools={tools}
      footer={
        value === null ? undefined : <CopyButton wide label={logsText.copyJson} text={JSON.stringify(value, null, 2)} />
      }
    >
      {value === null ? <Waiting detail={detail} /> : <Detail detail={value} />}
    </Dialog>
  );
}

function Waiting({ detail }: { readonly detail: ReturnType<typeof resource<RequestLogDetail>> }) {
  const error = detail.error.value;
  if (error === null) return <Skeleton lines={12} />;
  if (error.status === 404) return <Empty title={logsText.gone} />;
  return <Failure error={error} retry={() => void detail.refresh()} />;
}

function Detail({ detail }: { readonly detail: RequestLogDetail }) {
  return (
    <div class="drawer-parts">
      <RequestFacts row={detail} />
      <section>
        <h3>{logsText.attempts}</h3>
        <AttemptChain attempts={detail.attemptLog} />
      </section>
      <section>
        <h3>{logsText.routing}</h3>
        {detail.decision === null ? <p class="muted">{logsText.noDecision}</p> : <Explain decision={detail.decision} />}
      </section>
    </div>
  );
}
