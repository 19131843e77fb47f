/** What stands in place of the pages while the sidecar does not let this browser in. */
import type { Barrier } from '../../state/connection';
import { Empty } from '../../components/empty/empty';
import { barrierText } from '../../strings';

export function BarrierPage({ barrier: _barrier }: { readonly barrier: Barrier }) {
  return (
    <Empty title={barrierText.token.title}>
      <p class="muted">{barrierText.token.text}</p>
    </Empty>
  );
}
