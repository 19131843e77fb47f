/** What people decide for one account: name, tags, how much of it is used. */
import { useState } from 'preact/hooks';
import type { Account, AccountMode, AccountPolicyChange } from '../../../sidecar/contract/account';
import { SelectField, TextField } from '../../components/field/field';
import { readWhole } from '../../format/input';
import { change } from '../../state/accounts';
import { accountText, commonText } from '../../strings';

interface Draft {
  readonly alias: string;
  readonly tags: string;
  readonly mode: AccountMode;
  readonly maxUsed: string;
  readonly maxConcurrent: string;
}

function draftOf({ alias, tags, policy }: Account): Draft {
  return {
    alias: alias ?? '',
    tags: tags.join(', '),
    mode: policy.mode,
    maxUsed: policy.maxUsedPercent === null ? '' : String(policy.maxUsedPercent),
    maxConcurrent: policy.maxConcurrent === null ? '' : String(policy.maxConcurrent),
  };
}

export function PolicyForm({ account }: { readonly account: Account }) {
  const [draft, setDraft] = useState(() => draftOf(account));
  const [busy, setBusy] = useState(false);
  const maxUsed = readWhole(draft.maxUsed, 1, 100);
  const maxConcurrent = readWhole(draft.maxConcurrent, 1, 1000);
  const isClean = JSON.stringify(draft) === JSON.stringify(draftOf(account));
  const isValid = maxUsed !== undefined && maxConcurrent !== undefined;
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const save = async (): Promise<void> => {
    if (isClean || !isValid) return;
    setBusy(true);
    await change(account.accountId, changeOf(draft, maxUsed, maxConcurrent));
    setBusy(false);
  };
  return (
    <form
      class="card"
      aria-label={accountText.policy}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <header>
        <h3>{accountText.policy}</h3>
        <button
          type="button"
          class="button quiet"
          disabled={isClean || busy}
          onClick={() => setDraft(draftOf(account))}
        >
          {commonText.cancel}
        </button>
        <button type="submit" class="button primary" disabled={isClean || !isValid || busy}>
          {busy ? commonText.saving : commonText.save}
        </button>
      </header>
      <PolicyFields
        draft={draft}
        set={set}
        badUsed={maxUsed === undefined}
        badConcurrent={maxConcurrent === undefined}
      />
    </form>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly set: (part: Partial<Draft>) => void;
  readonly badUsed: boolean;
  readonly badConcurrent: boolean;
}

function PolicyFields({ draft, set, badUsed, badConcurrent }: FieldsProps) {
  const { policyFields: names, policyHelp: help, policyError: errors } = accountText;
  return (
    <div class="form-grid">
      <TextField label={names.alias} value={draft.alias} help={help.alias} onInput={(alias) => set({ alias })} />
      <TextField label={names.tags} value={draft.tags} help={help.tags} onInput={(tags) => set({ tags })} />
      <SelectField
        label={names.mode}
        value={draft.mode}
        choices={Object.entries(accountText.modes) as [AccountMode, string][]}
        onChange={(mode) => set({ mode })}
      />
      <TextField
        label={names.maxUsed}
        value={draft.maxUsed}
        help={help.maxUsed}
        error={badUsed ? errors.maxUsed : null}
        onInput={(maxUsed) => set({ maxUsed })}
      />
      <TextField
        label={names.maxConcurrent}
        value={draft.maxConcurrent}
        help={help.maxConcurrent}
        error={badConcurrent ? errors.maxConcurrent : null}
        onInput={(maxConcurrent) => set({ maxConcurrent })}
      />
    </div>
  );
}

function changeOf(draft: Draft, maxUsedPercent: number | null, maxConcurrent: number | null): AccountPolicyChange {
  const tags = draft.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  const alias = draft.alias.trim();
  return {
    alias: alias === '' ? null : alias,
    tags: tags.length === 0 ? null : tags,
    mode: draft.mode,
    maxUsedPercent,
    maxConcurrent,
  };
}
