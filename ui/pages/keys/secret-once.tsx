/** The secret of a key, the only time it is seen, with ready-made lines for clients. */
import type { ApiKeyWithSecret } from '../../api/keys';
import { CopyButton } from '../../components/copy-button/copy-button';
import { Dialog } from '../../components/dialog/dialog';
import { keysText } from '../../strings';

export function SecretOnce({ made, onClose }: { readonly made: ApiKeyWithSecret; readonly onClose: () => void }) {
  const environment = `export OPENAI_BASE_URL=${location.origin}/v1\nexport OPENAI_API_KEY=${made.key}`;
  const footer = (
    <button type="button" class="button solid" onClick={onClose}>
      {keysText.stored}
    </button>
  );
  return (
    <Dialog title={keysText.secretTitle(made.name)} onClose={onClose} footer={footer} width={560}>
      <div class="stack">
        <p>{keysText.secretOnce}</p>
        <div class="secret row">
          <code class="ellipsis">{made.key}</code>
          <CopyButton text={made.key} label={keysText.copySecret} wide />
        </div>
        <h3>{keysText.environment}</h3>
        <div class="secret row">
          <pre class="mono">{environment}</pre>
          <CopyButton text={environment} label={keysText.copyLines} />
        </div>
      </div>
    </Dialog>
  );
}
