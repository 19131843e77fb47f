/** The policy of a key, for making and for changing one. */
import { useState } from 'preact/hooks';
import type { ApiKey, ApiKeyInput, LimitType, LimitWindow } from '../../api/keys';
import { Pick, SelectField, TextField } from '../../components/field/field';
import { Icon } from '../../components/icon/icon';
import { commonText, keysText } from '../../strings';

export interface LimitDraft {
  readonly limitType: LimitType;
  readonly limitWindow: LimitWindow;
  readonly maxValue: string;
}

export interface KeyDraft {
  readonly name: string;
  readonly models: string;
  readonly enforcedModel: string;
  readonly effort: string;
  readonly expiry: string;
  readonly limits: readonly LimitDraft[];
}

const DAY_MS = 86_400_000;
const MODELS = /[\s,]+/;

export function draftOf(key: ApiKey | null): KeyDraft {
  return {
    name: key?.name ?? '',
    models: key?.allowedModels.join(', ') ?? '',
    enforcedModel: key?.enforcedModel ?? '',
    effort: key?.enforcedReasoningEffort ?? '',
    expiry: key?.expiresAt === null || key === null ? '' : 'keep',
    limits:
      key?.limits.map(({ limitType, limitWindow, maxValue }) => ({
        limitType,
        limitWindow,
        maxValue: String(maxValue),
      })) ?? [],
  };
}

/** `null` = something is not filled in right. */
export function inputOf(draft: KeyDraft, nowMs: number): (ApiKeyInput & { readonly name: string }) | null {
  const name = draft.name.trim();
  const limits = draft.limits.map(({ limitType, limitWindow, maxValue }) => ({
    limitType,
    limitWindow,
    maxValue: Number(maxValue),
  }));
  if (name === '' || limits.some(({ maxValue }) => !(maxValue > 0))) return null;
  return {
    name,
    allowedModels: draft.models.split(MODELS).filter((model) => model !== ''),
    enforcedModel: draft.enforcedModel.trim() === '' ? null : draft.enforcedModel.trim(),
    enforcedReasoningEffort: draft.effort === '' ? null : draft.effort,
    ...(draft.expiry === 'keep'
      ? {}
      : { expiresAt: draft.expiry === '' ? null : new Date(nowMs + Number(draft.expiry) * DAY_MS).toISOString() }),
    limits,
  };
}

export function KeyFields({
  draft,
  set,
}: {
  readonly draft: KeyDraft;
  readonly set: (part: Partial<KeyDraft>) => void;
}) {
  const [expiries] = useState(() =>
    Object.entries(keysText.expiries).filter(([value]) => value !== 'keep' || draft.expiry === 'keep'),
  );
  const { fields, help } = keysText;
  return (
    <div class="stack">
      <TextField
        label={fields.name}
        value={draft.name}
        error={draft.name.trim() === '' ? keysText.nameNeeded : null}
        onInput={(name) => set({ name })}
      />
      <TextField label={fields.models} value={draft.models} help={help.models} onInput={(models) => set({ models })} />
      <div class="form-grid">
        <TextField
          label={fields.enforcedModel}
          value={draft.enforcedModel}
          help={help.enforcedModel}
          onInput={(enforcedModel) => set({ enforcedModel })}
        />
        <SelectField
          label={fields.effort}
          value={draft.effort}
          choices={keysText.efforts}
          onChange={(effort) => set({ effort })}
        />
        <SelectField
          label={fields.expiry}
          value={draft.expiry}
          choices={expiries}
          onChange={(expiry) => set({ expiry })}
        />
      </div>
      <Limits limits={draft.limits} set={(limits) => set({ limits })} />
    </div>
  );
}

function Limits({
  limits,
  set,
}: {
  readonly limits: readonly LimitDraft[];
  readonly set: (limits: readonly LimitDraft[]) => void;
}) {
  const change = (at: number, part: Partial<LimitDraft>): void =>
    set(limits.map((limit, index) => (index === at ? { ...limit, ...part } : limit)));
  return (
    <fieldset class="key-limits">
      <legend>{keysText.fields.limits}</legend>
      {limits.map((limit, index) => (
        <div key={index} class="row">
          <Pick
            label={keysText.limitType}
            value={limit.limitType}
            choices={Object.entries(keysText.limitTypes) as [LimitType, string][]}
            onChange={(limitType) => change(index, { limitType })}
          />
          <input
            class="input"
            inputMode="decimal"
            aria-label={keysText.limitValue}
            aria-invalid={!(Number(limit.maxValue) > 0)}
            value={limit.maxValue}
            onInput={({ currentTarget }) => change(index, { maxValue: currentTarget.value })}
          />
          <Pick
            label={keysText.limitWindow}
            value={limit.limitWindow}
            choices={Object.entries(keysText.limitWindows) as [LimitWindow, string][]}
            onChange={(limitWindow) => change(index, { limitWindow })}
          />
          <button
            type="button"
            class="button quiet icon"
            aria-label={commonText.remove}
            onClick={() => set(limits.filter((_, other) => other !== index))}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
      <button
        type="button"
        class="button"
        onClick={() => set([...limits, { limitType: 'cost_usd', limitWindow: 'daily', maxValue: '' }])}
      >
        {keysText.addLimit}
      </button>
    </fieldset>
  );
}
