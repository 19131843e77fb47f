/** Copies a text and says so. */
import { useState } from 'preact/hooks';
import { copyText } from '../../desktop';
import { notify } from '../../state/notices';
import { commonText } from '../../strings';
import { Icon } from '../icon/icon';

const SAID_MS = 1_200;

export function CopyButton({
  text,
  label,
  wide = false,
}: {
  readonly text: string;
  readonly label: string;
  readonly wide?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await copyText(text))) return notify('warn', commonText.copyFailed);
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <button
      type="button"
      class={wide ? 'button' : 'button quiet icon'}
      aria-label={wide ? undefined : label}
      title={label}
      onClick={() => void copy()}
    >
      <Icon name={copied ? 'check' : 'copy'} size={14} />
      {wide ? (copied ? commonText.copied : label) : null}
    </button>
  );
}
