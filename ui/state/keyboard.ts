/** The keyboard map (spec/ui.md 14). Lists and dialogs handle their own keys. */
import { commands, frameDialog, openDialog, pageActions } from './commands';
import { go, PAGES } from './place';

/** Keys with Ctrl or Cmd, by what they do. */
const WITH_CONTROL: Readonly<Record<string, () => void>> = {
  k: () => openDialog('palette'),
  n: () => runCommand('add-account'),
  r: () => runCommand('refresh'),
  s: () => pageActions.value.save?.(),
  f: () => focusSearch(),
  ',': () => runCommand('page-settings'),
};

function runCommand(id: string): void {
  commands()
    .find((command) => command.id === id)
    ?.run();
}

/** The first search field of the page that is seen. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
  return field !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

/** Returns what stops it. */
export function startKeyboard(): () => void {
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey) return;
    if (document.querySelector('dialog[open]') !== null && frameDialog.value !== 'palette') return;
    const done = event.ctrlKey || event.metaKey ? pressWithControl(event) : pressPlain(event);
    if (done) event.preventDefault();
  };
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}

function pressWithControl(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  const page = PAGES[Number(key) - 1];
  if (/^[1-9]$/.test(key) && page !== undefined) {
    go({ page });
    return true;
  }
  if (event.shiftKey) {
    if (key !== 'p') return false;
    runCommand('pause');
    return true;
  }
  const run = WITH_CONTROL[key];
  run?.();
  return run !== undefined;
}

function pressPlain(event: KeyboardEvent): boolean {
  if (isTyping(event.target)) return false;
  if (event.key === '/') return focusSearch();
  if (event.key !== '?') return false;
  openDialog('shortcuts');
  return true;
}
