/** A sign-in under way: what the person does next, how long it holds, how it ended. */
import { useEffect, useState } from 'preact/hooks';
import { pasteCallback, readSignIn, stopSignIn, type OAuthFlow } from '../../api/oauth';
import { CopyButton } from '../../components/copy-button/copy-button';
import { Dialog } from '../../components/dialog/dialog';
import { TextField } from '../../components/field/field';
import { formatDuration } from '../../format/time';
import { openExternal } from '../../desktop';
import { accountList } from '../../state/accounts';
import { nowMs } from '../../state/clock';
import { onLiveEvent } from '../../state/live';
import { setPart } from '../../state/place';
import { toApiError } from '../../state/resource';
import { addText, commonText } from '../../strings';

const POLL_MS = 1_000;

interface Props {
  readonly first: OAuthFlow;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** Follows the flow until it ends; a failed look is tried again. */
function useFlow(first: OAuthFlow): OAuthFlow {
  const [flow, setFlow] = useState(first);
  useEffect(() => {
    const { flowId } = first;
    if (flowId === null) return undefined;
    const abort = new AbortController();
    const look = async (): Promise<void> => {
      try {
        setFlow(await readSignIn(flowId, abort.signal));
      } catch {
        // The next look tells.
      }
    };
    const timer = setInterval(() => void look(), POLL_MS);
    const forget = onLiveEvent('oauth_status', () => void look());
    return () => {
      abort.abort();
      clearInterval(timer);
      forget();
    };
  }, [first]);
  return flow;
}

export function SignInFlow({ first, onBack, onClose }: Props) {
  const flow = useFlow(first);
  const { phase, flowId, completedAccountId } = flow;
  useEffect(() => {
    if (phase === 'done') void accountList.refresh();
  }, [phase]);
  const cancel = (): void => {
    if (flow.active && flowId !== null) void stopSignIn(flowId).catch(() => undefined);
    onBack();
  };
  const finish = (): void => {
    if (completedAccountId !== null) setPart(completedAccountId);
    onClose();
  };
  const footer = (
    <>
      {phase === 'done' ? null : (
        <button type="button" class="button" onClick={cancel}>
          {flow.active ? commonText.cancel : commonText.back}
        </button>
      )}
      {phase === 'done' ? (
        <button type="button" class="button solid" onClick={finish}>
          {addText.done}
        </button>
      ) : null}
    </>
  );
  return (
    <Dialog title={addText.title} onClose={phase === 'done' ? finish : cancel} footer={footer} width={480}>
      {phase === 'done' ? (
        <p role="status">{addText.signedIn(flow.completedEmail ?? '')}</p>
      ) : flow.active ? (
        <Steps flow={flow} />
      ) : (
        <Ended flow={flow} />
      )}
    </Dialog>
  );
}

function Ended({ flow }: { readonly flow: OAuthFlow }) {
  return (
    <p class="tone-danger" role="alert">
      {flow.errorMessage ?? addText.phases[flow.phase]}
    </p>
  );
}

function Steps({ flow }: { readonly flow: OAuthFlow }) {
  const url = flow.method === 'device' ? flow.verificationUrl : flow.authorizationUrl;
  return (
    <div class="stack">
      <p role="status">{addText.phases[flow.phase]}</p>
      {flow.method === 'device' && flow.userCode !== null ? (
        <p class="device-code row">
          <strong class="mono">{flow.userCode}</strong>
          <CopyButton text={flow.userCode} label={addText.copyCode} />
        </p>
      ) : null}
      {url === null ? null : (
        <div class="row">
          <button type="button" class="button solid" onClick={() => openExternal(url)}>
            {addText.openPage}
          </button>
          <CopyButton text={url} label={addText.copyUrl} wide />
        </div>
      )}
      {flow.expiresAtMs === null ? null : (
        <p class="small faint">{addText.expires(formatDuration(flow.expiresAtMs - nowMs.value))}</p>
      )}
      {flow.listenerProblem === null ? null : <p class="tone-warn">{flow.listenerProblem}</p>}
      {flow.method === 'browser' && flow.flowId !== null ? <Paste flowId={flow.flowId} /> : null}
    </div>
  );
}

function Paste({ flowId }: { readonly flowId: string }) {
  const [url, setUrl] = useState('');
  const [error, setError] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    try {
      const answer = await pasteCallback(flowId, url.trim());
      setError(answer.errorMessage);
    } catch (thrown) {
      setError(toApiError(thrown).message);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (url.trim() !== '') void send();
      }}
    >
      <TextField label={addText.paste} help={addText.pasteHelp} error={error} value={url} onInput={setUrl} />
      <button type="submit" class="button" disabled={url.trim() === ''}>
        {addText.submit}
      </button>
    </form>
  );
}
