/** Which columns are shown; remembered by this browser. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { prefer, preferences } from '../../state/preferences';
import { logsText } from '../../strings';
import { FIXED_COLUMNS } from './log-columns';

export function ColumnMenu() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !box.current?.contains(event.target as Node))
        setOpen(false);
    };
    document.addEventListener('mousedown', away);
    document.addEventListener('keydown', away);
    return () => {
      document.removeEventListener('mousedown', away);
      document.removeEventListener('keydown', away);
    };
  }, [open]);
  return (
    <div class="menu" ref={box}>
      <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {logsText.chooseColumns}
      </button>
      {open ? (
        <ul class="menu-list">
          {Object.entries(logsText.columns)
            .filter(([key]) => !FIXED_COLUMNS.has(key))
            .map(([key, title]) => (
              <li key={key}>
                <ColumnChoice name={key} title={title} />
              </li>
            ))}
        </ul>
      ) : null}
    </div>
  );
}

function ColumnChoice({ name, title }: { readonly name: string; readonly title: string }) {
  const hidden = preferences.value.hiddenLogColumns;
  const isHidden = hidden.includes(name);
  return (
    <label class="row">
      <input
        type="checkbox"
        checked={!isHidden}
        onChange={() =>
          prefer({ hiddenLogColumns: isHidden ? hidden.filter((other) => other !== name) : [...hidden, name] })
        }
      />
      {title}
    </label>
  );
}
