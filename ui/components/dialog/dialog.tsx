/** A modal dialog: the browser's own, so that focus stays in, Escape closes, and focus returns (spec/ui.md 11). */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { commonText } from '../../strings';
import { Icon } from '../icon/icon';
import './dialog.css';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Buttons at the bottom. */
  readonly footer?: ComponentChildren;
  readonly width?: number;
  /** From the right edge over the whole height, instead of in the middle. */
  readonly drawer?: boolean;
  /** While work goes on, Escape and × do nothing. */
  readonly busy?: boolean;
  /** Beside the title. */
  readonly tools?: ComponentChildren;
}

export function Dialog({ title, onClose, children, footer, width = 480, drawer = false, busy = false, tools }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const close = (): void => {
    if (!busy) onClose();
  };
  return (
    <dialog
      ref={element}
      class={drawer ? 'dialog drawer' : 'dialog'}
      style={{ '--dialog-width': `${width}px` }}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) close();
      }}
    >
      <div class="dialog-inside">
        <header>
          <h2 id={titleId} class="ellipsis">
            {title}
          </h2>
          {tools}
          <button type="button" class="button quiet icon" aria-label={commonText.close} disabled={busy} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <div class="dialog-body">{children}</div>
        {footer === undefined ? null : <footer>{footer}</footer>}
      </div>
    </dialog>
  );
}
