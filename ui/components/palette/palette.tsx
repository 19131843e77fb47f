/** The command palette: type a part of what you want, Enter does it. */
import { useMemo, useState } from 'preact/hooks';
import { commands, findCommands, openDialog, type Command } from '../../state/commands';
import { paletteText } from '../../strings';
import { Dialog } from '../dialog/dialog';
import './palette.css';

/** As many are shown as fit without scrolling much. */
const MAX_SHOWN = 40;

export function Palette() {
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const all = useMemo(commands, []);
  const found = findCommands(all, search).slice(0, MAX_SHOWN);
  const close = (): void => openDialog(null);
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    close();
    command.run();
  };
  const steer = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) setAt(Math.max(0, Math.min(found.length - 1, at + by)));
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={paletteText.title} onClose={close} width={560}>
      <input
        class="input palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] === undefined ? undefined : `command-${found[at].id}`}
        aria-label={paletteText.title}
        placeholder={paletteText.placeholder}
        value={search}
        autofocus
        onInput={(event) => {
          setSearch(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={steer}
      />
      <ul id="palette-list" class="palette" role="listbox" aria-label={paletteText.title}>
        {found.map((command, index) => (
          <li
            key={command.id}
            id={`command-${command.id}`}
            role="option"
            aria-selected={index === at}
            onMouseMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span class="faint">{command.group}</span>
            <span class="ellipsis">{command.title}</span>
            {command.keys === undefined ? null : <kbd>{command.keys}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p class="muted">{paletteText.nothing}</p> : null}
    </Dialog>
  );
}
