/** Asks before something that cannot be taken back; dangerous ones want the name typed. */
import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { commonText } from '../../strings';
import { Dialog } from './dialog';

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly action: string;
  /** Has to be typed first. */
  readonly typed?: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

export function Confirm({ title, children, action, typed, onConfirm, onClose }: Props) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = typed === undefined || text.trim() === typed;
  const confirm = async (): Promise<void> => {
    if (!ready || busy) return;
    setBusy(true);
    try {
      await onConfirm();
    } finally {
      setBusy(false);
    }
    onClose();
  };
  const footer = (
    <>
      <button type="button" class="button" disabled={busy} onClick={onClose}>
        {commonText.cancel}
      </button>
      <button type="button" class="button danger" disabled={!ready || busy} onClick={() => void confirm()}>
        {action}
      </button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer} width={440} busy={busy}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        {children}
        {typed === undefined ? null : (
          <label class="stack">
            <span>
              {commonText.typeToConfirm} <code>{typed}</code>
            </span>
            <input
              class="input"
              value={text}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
        )}
      </form>
    </Dialog>
  );
}
