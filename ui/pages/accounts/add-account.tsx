/** Adds an account, or renews the login of one: by browser, by device code, or from files. */
import { useState } from 'preact/hooks';
import { startSignIn, type OAuthFlow, type OAuthMethod } from '../../api/oauth';
import { Dialog } from '../../components/dialog/dialog';
import { Icon } from '../../components/icon/icon';
import { toApiError } from '../../state/resource';
import { addText } from '../../strings';
import { ImportFiles } from './import-files';
import { SignInFlow } from './sign-in-flow';

interface Props {
  /** The account whose login is renewed; `null` = a new one. */
  readonly accountId: string | null;
  readonly onClose: () => void;
}

export function AddAccount({ accountId, onClose }: Props) {
  const [byFiles, setByFiles] = useState(false);
  const [flow, setFlow] = useState<OAuthFlow | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const start = async (method: OAuthMethod): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      setFlow(await startSignIn(method, accountId));
    } catch (thrown) {
      const failure = toApiError(thrown);
      setError(failure.isMissingRoute ? addText.noSignIn : failure.message);
    }
    setBusy(false);
  };
  if (byFiles) return <ImportFiles onClose={onClose} />;
  if (flow !== null) return <SignInFlow first={flow} onBack={() => setFlow(null)} onClose={onClose} />;
  return (
    <Dialog title={accountId === null ? addText.title : addText.renewTitle} onClose={onClose} width={460} busy={busy}>
      <div class="methods">
        <Method title={addText.browser} help={addText.browserHelp} busy={busy} onPick={() => void start('browser')} />
        <Method title={addText.device} help={addText.deviceHelp} busy={busy} onPick={() => void start('device')} />
        <Method title={addText.byFiles} help={addText.byFilesHelp} busy={busy} onPick={() => setByFiles(true)} />
        {error === null ? null : (
          <p class="tone-danger" role="alert">
            {error}
          </p>
        )}
      </div>
    </Dialog>
  );
}

interface MethodProps {
  readonly title: string;
  readonly help: string;
  readonly busy: boolean;
  readonly onPick: () => void;
}

function Method({ title, help, busy, onPick }: MethodProps) {
  return (
    <button type="button" class="method" disabled={busy} onClick={onPick}>
      <span>
        <strong>{title}</strong>
        <span class="small muted">{help}</span>
      </span>
      <Icon name="play" size={12} />
    </button>
  );
}
