/** Asks the router who would serve a request, and shows why. Nothing is reserved. */
import { useMemo, useState } from 'preact/hooks';
import type { RoutingPreview, RoutingPreviewRequest } from '../../../sidecar/contract/routing';
import { listModels } from '../../api/models';
import { previewRouting } from '../../api/routing';
import { useNow } from '../../components/age/use-now';
import { Explain } from '../../components/explain/explain';
import { TextField, Field } from '../../components/field/field';
import { readWhole } from '../../format/input';
import { formatCountdown } from '../../format/time';
import { useFresh } from '../../state/freshness';
import { resource, toApiError } from '../../state/resource';
import { routerText } from '../../strings';

const EMPTY = { model: '', sessionId: '', threadId: '', promptCacheKey: '', previousResponseId: '', tokens: '' };
type Draft = typeof EMPTY;

export function WhatIf() {
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [answer, setAnswer] = useState<RoutingPreview | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const now = useNow(15_000);
  const tokens = readWhole(draft.tokens, 0, 100_000_000);
  const ask = async (): Promise<void> => {
    if (tokens === undefined) return;
    setBusy(true);
    setError(null);
    try {
      setAnswer(await previewRouting(requestOf(draft, tokens)));
    } catch (thrown) {
      setError(toApiError(thrown).message);
    }
    setBusy(false);
  };
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  return (
    <form
      class="card stack"
      aria-label={routerText.whatIf}
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <div>
        <h3>{routerText.whatIf}</h3>
        <p class="small faint">{routerText.whatIfHelp}</p>
      </div>
      <RequestFields draft={draft} set={set} badTokens={tokens === undefined} />
      <button type="submit" class="button primary" disabled={busy || tokens === undefined}>
        {busy ? routerText.asking : routerText.ask}
      </button>
      {error === null ? null : (
        <p class="tone-danger" role="alert">
          {error}
        </p>
      )}
      {answer === null ? null : (
        <div aria-live="polite" class="stack">
          {answer.returnsAtMs === null ? null : (
            <p class="tone-warn">{routerText.returns(formatCountdown(answer.returnsAtMs, now))}</p>
          )}
          <Explain decision={answer.decision} />
        </div>
      )}
    </form>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly set: (part: Partial<Draft>) => void;
  readonly badTokens: boolean;
}

function RequestFields({ draft, set, badTokens }: FieldsProps) {
  const names = routerText.fields;
  return (
    <>
      <ModelField value={draft.model} onInput={(model) => set({ model })} />
      <div class="form-grid">
        <TextField label={names.session} value={draft.sessionId} onInput={(sessionId) => set({ sessionId })} />
        <TextField label={names.thread} value={draft.threadId} onInput={(threadId) => set({ threadId })} />
        <TextField
          label={names.cacheKey}
          value={draft.promptCacheKey}
          onInput={(promptCacheKey) => set({ promptCacheKey })}
        />
        <TextField
          label={names.tokens}
          value={draft.tokens}
          error={badTokens ? routerText.tokensError : null}
          onInput={(tokens) => set({ tokens })}
        />
      </div>
    </>
  );
}

function requestOf(
  { model, sessionId, threadId, promptCacheKey, previousResponseId }: Draft,
  tokens: number | null,
): RoutingPreviewRequest {
  const texts = Object.entries({ model, sessionId, threadId, promptCacheKey, previousResponseId }).filter(
    ([, text]) => text.trim() !== '',
  );
  return {
    ...Object.fromEntries(texts.map(([name, text]) => [name, text.trim()])),
    ...(tokens === null ? {} : { estimatedInputTokens: tokens }),
  };
}

function ModelField({ value, onInput }: { readonly value: string; readonly onInput: (value: string) => void }) {
  const models = useMemo(() => resource(listModels), []);
  useFresh(models);
  return (
    <Field label={routerText.fields.model}>
      {({ id }) => (
        <>
          <input
            id={id}
            class="input"
            list={`${id}-models`}
            value={value}
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => onInput(currentTarget.value)}
          />
          <datalist id={`${id}-models`}>
            {(models.data.value?.models ?? []).map((model) => (
              <option key={model.id} value={model.id} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
