/** Adds accounts from login files, or from the text of one. */
import { useState } from 'preact/hooks';
import type { Account, AccountImportResult, AccountImportResults } from '../../../sidecar/contract/account';
import { importAccounts } from '../../api/accounts';
import { toApiError } from '../../state/resource';
import { Badge, type BadgeTone } from '../../components/badge/badge';
import { Dialog } from '../../components/dialog/dialog';
import { Switch } from '../../components/field/field';
import { accountList } from '../../state/accounts';
import { setPart } from '../../state/place';
import { addText, commonText } from '../../strings';

type Outcome =
  | AccountImportResult
  | {
      readonly index: number;
      readonly action: 'invalid';
      readonly error: { readonly code: string; readonly message: string };
    };

export function ImportFiles({ onClose }: { readonly onClose: () => void }) {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [text, setText] = useState('');
  const [overwrite, setOverwrite] = useState(true);
  const [busy, setBusy] = useState(false);
  const [results, setResults] = useState<readonly Outcome[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const start = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const texts = [...(await Promise.all(files.map((file) => file.text()))), ...(text.trim() === '' ? [] : [text])];
      setResults(await importTexts(texts, overwrite));
      await accountList.refresh();
    } catch (thrown) {
      setError(toApiError(thrown).message);
    }
    setBusy(false);
  };
  const isReady = files.length > 0 || text.trim() !== '';
  const footer =
    results === null ? (
      <>
        <button type="button" class="button" onClick={onClose}>
          {commonText.cancel}
        </button>
        <button type="button" class="button solid" disabled={!isReady || busy} onClick={() => void start()}>
          {busy ? addText.importing : addText.import}
        </button>
      </>
    ) : (
      <button type="button" class="button solid" onClick={onClose}>
        {addText.done}
      </button>
    );
  return (
    <Dialog title={addText.title} onClose={onClose} footer={footer} width={520} busy={busy}>
      {results === null ? (
        <Choose
          files={files}
          onFiles={setFiles}
          text={text}
          onText={setText}
          overwrite={overwrite}
          onOverwrite={setOverwrite}
          error={error}
        />
      ) : (
        <Results results={results} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface ChooseProps {
  readonly files: readonly File[];
  readonly onFiles: (files: readonly File[]) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly overwrite: boolean;
  readonly onOverwrite: (overwrite: boolean) => void;
  readonly error: string | null;
}

function Choose({ files, onFiles, text, onText, overwrite, onOverwrite, error }: ChooseProps) {
  return (
    <div class="stack">
      <DropZone files={files} onFiles={onFiles} />
      <label class="field">
        <strong class="small">{addText.pasteLabel}</strong>
        <textarea
          class="input mono"
          rows={5}
          value={text}
          spellcheck={false}
          autocomplete="off"
          onInput={({ currentTarget }) => onText(currentTarget.value)}
        />
      </label>
      <Switch label={addText.overwrite} on={overwrite} onChange={onOverwrite} />
      <p class="small faint">{addText.warning}</p>
      {error === null ? null : (
        <p class="tone-danger" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** Each text on its own, so that one that is no JSON does not keep the others out. */
async function importTexts(texts: readonly string[], overwrite: boolean): Promise<readonly Outcome[]> {
  const results: Outcome[] = [];
  for (const text of texts) {
    try {
      const logins: unknown = JSON.parse(text);
      const answer = await importAccounts({
        authJson: (Array.isArray(logins) ? logins : [logins]) as unknown[],
        onDuplicate: overwrite ? 'update' : 'skip',
      });
      results.push(...resultsOf(answer));
    } catch (thrown) {
      const { code, message } = toApiError(thrown);
      results.push({
        index: results.length,
        action: 'invalid',
        error: { code, message: thrown instanceof SyntaxError ? addText.notJson : message },
      });
    }
  }
  return results;
}

function resultsOf(answer: Account | AccountImportResults): readonly Outcome[] {
  return 'results' in answer ? answer.results : [{ index: 0, action: 'created', account: answer }];
}

function DropZone({
  files,
  onFiles,
}: {
  readonly files: readonly File[];
  readonly onFiles: (files: readonly File[]) => void;
}) {
  const [over, setOver] = useState(false);
  return (
    <label
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <input
        type="file"
        class="visually-hidden"
        multiple
        accept=".json,application/json"
        onChange={({ currentTarget }) => onFiles([...(currentTarget.files ?? [])])}
      />
      <strong>{files.length === 0 ? addText.drop : addText.files(files.map(({ name }) => name))}</strong>
      <span class="small faint">{addText.dropHelp}</span>
    </label>
  );
}

const TONES: Readonly<Record<AccountImportResult['action'], BadgeTone>> = {
  created: 'ok',
  updated: 'accent',
  skipped: 'off',
  invalid: 'danger',
};

function Results({ results, onClose }: { readonly results: readonly Outcome[]; readonly onClose: () => void }) {
  return (
    <ul class="stack" aria-label={addText.results}>
      {results.map((result, index) => (
        <li key={index} class="row">
          <Badge tone={TONES[result.action]}>{addText.actions[result.action]}</Badge>
          {'account' in result && result.account !== undefined ? (
            <button
              type="button"
              class="link"
              onClick={() => {
                setPart(result.account?.accountId ?? '');
                onClose();
              }}
            >
              {result.account.email}
            </button>
          ) : null}
          <span class="muted">{result.error?.message}</span>
        </li>
      ))}
    </ul>
  );
}
