/** One group of settings; the rarely needed ones behind "Advanced". */
import { useId, useState } from 'preact/hooks';
import { Switch } from '../../components/field/field';
import { accounts, labelOf } from '../../state/accounts';
import { defaults, draft, edit, edited, type SettingKey } from '../../state/settings';
import { settingsText } from '../../strings';
import type { Section, SettingLine } from './setting-table';
import { showValue } from './setting-value';

export function SettingsSection({ section, search }: { readonly section: Section; readonly search: string }) {
  const found = section.lines.filter(
    ({ key }) =>
      search === '' || `${key} ${settingsText.names[key]} ${settingsText.help[key]}`.toLowerCase().includes(search),
  );
  const basic = found.filter(({ advanced }) => advanced !== true || search !== '');
  const advanced = found.filter((line) => !basic.includes(line));
  if (found.length === 0) return null;
  return (
    <section class="card" aria-label={section.title}>
      <header>
        <h2>{section.title}</h2>
      </header>
      {basic.map((line) => (
        <Line key={line.key} line={line} />
      ))}
      {advanced.length === 0 ? null : (
        <details>
          <summary class="muted">{settingsText.advanced(advanced.length)}</summary>
          {advanced.map((line) => (
            <Line key={line.key} line={line} />
          ))}
        </details>
      )}
    </section>
  );
}

function Line({ line }: { readonly line: SettingLine }) {
  const { key } = line;
  const id = useId();
  const isChanged = key in draft.value;
  const byDefault = defaults.data.value?.[key];
  const isDefault = JSON.stringify(edited.value?.[key]) === JSON.stringify(byDefault);
  return (
    <div class={isChanged ? 'setting changed' : 'setting'}>
      <div>
        <label for={id}>{settingsText.names[key]}</label>
        <p class="small faint" id={`${id}-help`}>
          {settingsText.help[key]}
        </p>
      </div>
      <div class="setting-control">
        <ControlOf line={line} id={id} />
        {isDefault || byDefault === undefined ? null : (
          <button
            type="button"
            class="button quiet"
            title={settingsText.defaultIs(showValue(key, byDefault))}
            onClick={() => edit(key, byDefault as never)}
          >
            {settingsText.reset}
          </button>
        )}
      </div>
    </div>
  );
}

function ControlOf({ line: { key, control }, id }: { readonly line: SettingLine; readonly id: string }) {
  const value = edited.value?.[key];
  const set = (next: unknown): void => edit(key, next as never);
  switch (control.kind) {
    case 'switch':
      return <Switch label={settingsText.names[key] ?? key} hidden on={value === true} onChange={set} />;
    case 'choice':
      return (
        <select
          id={id}
          class="select"
          value={String(value)}
          aria-describedby={`${id}-help`}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        >
          {control.choices.map(([choice, title]) => (
            <option key={choice} value={choice}>
              {title}
            </option>
          ))}
        </select>
      );
    case 'number':
      return <NumberControl id={id} value={Number(value)} low={control.low} high={control.high} set={set} />;
    case 'text':
      return (
        <textarea
          id={id}
          class="input mono"
          rows={3}
          value={String(value)}
          spellcheck={false}
          aria-describedby={`${id}-help`}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      );
    case 'accounts':
      return <AccountsControl name={key} value={value as readonly string[]} set={set} />;
  }
}

interface NumberProps {
  readonly id: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly set: (value: number) => void;
}

/** Free text while it is typed; only a number in bounds becomes part of the draft. */
function NumberControl({ id, value, low, high, set }: NumberProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const isWrong = typed !== null && !(Number(typed) >= low && Number(typed) <= high && typed.trim() !== '');
  return (
    <div class="field">
      <input
        id={id}
        class="input"
        inputMode="decimal"
        value={typed ?? String(value)}
        aria-invalid={isWrong}
        aria-describedby={`${id}-help`}
        onInput={({ currentTarget }) => {
          const text = currentTarget.value;
          setTyped(text);
          if (text.trim() !== '' && Number(text) >= low && Number(text) <= high) set(Number(text));
        }}
        onBlur={() => !isWrong && setTyped(null)}
      />
      {isWrong ? <p class="small tone-danger">{settingsText.bounds(low, high)}</p> : null}
    </div>
  );
}

function AccountsControl({
  name,
  value,
  set,
}: {
  readonly name: SettingKey;
  readonly value: readonly string[];
  readonly set: (ids: readonly string[]) => void;
}) {
  return (
    <ul class="account-choices" aria-label={settingsText.names[name]}>
      {accounts.value.map(({ accountId }) => (
        <li key={accountId}>
          <label class="row">
            <input
              type="checkbox"
              checked={value.includes(accountId)}
              onChange={({ currentTarget }) =>
                set(currentTarget.checked ? [...value, accountId] : value.filter((id) => id !== accountId))
              }
            />
            <span class="ellipsis">{labelOf(accountId)}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}
