/** Makes a key. */
import { useState } from 'preact/hooks';
import { createKey, type ApiKeyWithSecret } from '../../api/keys';
import { Dialog } from '../../components/dialog/dialog';
import { toApiError } from '../../state/resource';
import { commonText, keysText } from '../../strings';
import { draftOf, inputOf, KeyFields } from './key-form';

export function NewKey({
  onMade,
  onClose,
}: {
  readonly onMade: (made: ApiKeyWithSecret) => void;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useState(() => draftOf(null));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const input = inputOf(draft, Date.now());
  const make = async (): Promise<void> => {
    if (input === null) return;
    setBusy(true);
    try {
      onMade(await createKey(input));
    } catch (thrown) {
      setError(toApiError(thrown).message);
      setBusy(false);
    }
  };
  const footer = (
    <>
      <button type="button" class="button" onClick={onClose}>
        {commonText.cancel}
      </button>
      <button type="button" class="button solid" disabled={input === null || busy} onClick={() => void make()}>
        {keysText.make}
      </button>
    </>
  );
  return (
    <Dialog title={keysText.make} onClose={onClose} footer={footer} width={560} busy={busy}>
      <KeyFields draft={draft} set={(part) => setDraft({ ...draft, ...part })} />
      {error === null ? null : (
        <p class="tone-danger" role="alert">
          {error}
        </p>
      )}
    </Dialog>
  );
}
