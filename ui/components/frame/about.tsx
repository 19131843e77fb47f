/** What this is and in which version. */
import { openDialog } from '../../state/commands';
import { health } from '../../state/runtime';
import { frameText } from '../../strings';
import { CopyButton } from '../copy-button/copy-button';
import { Dialog } from '../dialog/dialog';
import { KeyValues, type Fact } from '../key-values/key-values';
import { formatDuration } from '../../format/time';

export function About() {
  const now = health.data.value;
  const codex = `${location.origin}/backend-api/codex`;
  const facts: readonly Fact[] = [
    [frameText.aboutFacts.version, now?.version],
    [frameText.aboutFacts.uptime, now === null ? null : formatDuration(now.uptime_ms)],
    [frameText.aboutFacts.node, now?.nodeId],
    [frameText.aboutFacts.address, location.origin],
    [frameText.aboutFacts.codex, codex],
    [frameText.aboutFacts.openai, `${location.origin}/v1`],
    [frameText.aboutFacts.dropped, now?.logRowsDropped],
  ];
  const text = facts.map(([name, value]) => `${name}: ${String(value ?? '—')}`).join('\n');
  return (
    <Dialog
      title={frameText.about}
      onClose={() => openDialog(null)}
      footer={<CopyButton wide label={frameText.copyFacts} text={text} />}
    >
      <div class="stack">
        <p class="muted">{frameText.aboutText}</p>
        <KeyValues facts={facts} />
      </div>
    </Dialog>
  );
}
