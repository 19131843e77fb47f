/** The sheet of shortcuts. */
import { openDialog } from '../../state/commands';
import { shortcutRows, paletteText } from '../../strings';
import { Dialog } from '../dialog/dialog';
import './palette.css';

export function Shortcuts() {
  return (
    <Dialog title={paletteText.shortcuts} onClose={() => openDialog(null)} width={440}>
      <dl class="shortcut-list">
        {shortcutRows.map(([keys, what]) => (
          <div key={keys} style={{ display: 'contents' }}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
