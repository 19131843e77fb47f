/** Form fields with their label, help and error in one place. Nothing is clamped while somebody types. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import './field.css';

interface FieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly error?: string | null | undefined;
  readonly children: (ids: { readonly id: string; readonly describedBy: string | undefined }) => ComponentChildren;
}

export function Field({ label, help, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? help;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, describedBy: note === undefined ? undefined : noteId })}
      {note === undefined ? null : (
        <p id={noteId} class={error === null || error === undefined ? 'small faint' : 'small tone-danger'}>
          {note}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly help?: string | undefined;
  readonly error?: string | null | undefined;
  readonly type?: 'text' | 'password';
  readonly placeholder?: string;
  readonly autocomplete?: 'off' | 'current-password' | 'new-password' | 'one-time-code';
  readonly disabled?: boolean;
}

export function TextField(props: TextProps) {
  const { label, help, error, type = 'text', value, onInput, placeholder, autocomplete = 'off', disabled } = props;
  return (
    <Field label={label} help={help} error={error}>
      {({ id, describedBy }) => {
        const attributes = {
          id,
          class: 'input',
          value,
          placeholder,
          autocomplete,
          spellcheck: false,
          disabled,
          'aria-describedby': describedBy,
          'aria-invalid': error !== null && error !== undefined,
          onInput: (event: Event) => onInput((event.currentTarget as HTMLInputElement).value),
        } as const;
        return type === 'password' ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />;
      }}
    </Field>
  );
}

export type Choice<V extends string> = readonly [value: V, label: string];

interface SelectProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly onChange: (value: V) => void;
  readonly help?: string | undefined;
}

export function SelectField<V extends string>({ label, value, choices, onChange, help }: SelectProps<V>) {
  return (
    <Field label={label} help={help}>
      {({ id, describedBy }) => (
        <select
          id={id}
          class="select"
          value={value}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.currentTarget.value as V)}
        >
          {choices.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A select without a visible label, for filter bars. */
export function Pick<V extends string>({ label, value, choices, onChange }: Omit<SelectProps<V>, 'help'>) {
  return (
    <select
      class="select"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as V)}
    >
      {choices.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly disabled?: boolean;
  readonly hidden?: boolean;
}

/** On or off; `hidden` leaves the label to readers of the screen. */
export function Switch({ label, on, onChange, disabled = false, hidden = false }: SwitchProps) {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={on}
      aria-label={hidden ? label : undefined}
      disabled={disabled}
      onClick={() => onChange(!on)}
    >
      <span class="switch-pill" aria-hidden="true">
        <span />
      </span>
      {hidden ? null : label}
    </button>
  );
}
