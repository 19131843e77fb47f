/** A form of one or two secrets. They live in its fields only and are gone after sending. */
import { useState } from 'preact/hooks';
import { TextField } from '../../components/field/field';
import { toApiError } from '../../state/resource';
import { barrierText } from '../../strings';
import './barrier.css';

interface SecretField {
  readonly name: string;
  readonly label: string;
  readonly autocomplete: 'off' | 'current-password' | 'new-password' | 'one-time-code';
}

interface Props {
  readonly title: string;
  readonly text: string;
  readonly fields: readonly SecretField[];
  readonly action: string;
  readonly send: (values: Readonly<Record<string, string>>) => Promise<void>;
}

export function SecretForm({ title, text, fields, action, send }: Props) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const isReady = fields.every(({ name }) => (values[name] ?? '') !== '');
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await send(values);
    } catch (thrown) {
      setError(toApiError(thrown).message);
    }
    setValues({});
    setBusy(false);
  };
  return (
    <form
      class="card secret-form stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !busy) void submit();
      }}
    >
      <div>
        <h1>{title}</h1>
        <p class="muted">{text}</p>
      </div>
      {fields.map(({ name, label, autocomplete }) => (
        <TextField
          key={name}
          label={label}
          type="password"
          autocomplete={autocomplete}
          value={values[name] ?? ''}
          onInput={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      {error === null ? null : (
        <p class="tone-danger" role="alert">
          {error}
        </p>
      )}
      <button type="submit" class="button solid" disabled={!isReady || busy}>
        {busy ? barrierText.working : action}
      </button>
    </form>
  );
}
