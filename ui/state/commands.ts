/** Everything that can be done from the keyboard: the palette, the shortcuts and the sheet read this one list. */
import { signal } from '@preact/signals';
import { paletteText } from '../strings';
import { accounts, act, labelOf } from './accounts';
import { refreshAll } from './freshness';
import { notify } from './notices';
import { go, PAGES, place } from './place';
import { prefer, preferences } from './preferences';
import { proxySwitch, setPaused } from './runtime';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** As people read it: `Ctrl 1`. */
  readonly keys?: string;
  readonly run: () => void;
}

/** Which dialog of the frame is open. */
export type FrameDialog = 'palette' | 'shortcuts' | 'about' | 'add-account' | null;
export const frameDialog = signal<FrameDialog>(null);

/** What the present page does for "save" and "search"; set by the page. */
export const pageActions = signal<{ readonly save?: () => void }>({});

function pageCommands(): Command[] {
  return PAGES.map((page, index) => ({
    id: `page-${page}`,
    title: paletteText.pages[page],
    group: paletteText.goTo,
    ...(index < 9 ? { keys: `Ctrl ${index + 1}` } : {}),
    run: () => go({ page }),
  }));
}

function actionCommands(): Command[] {
  const paused = proxySwitch.data.value?.paused ?? false;
  return [
    {
      id: 'add-account',
      title: paletteText.addAccount,
      group: paletteText.actions,
      keys: 'Ctrl N',
      run: () => openAddAccount(),
    },
    {
      id: 'pause',
      title: paused ? paletteText.resumeRoutes : paletteText.pauseRoutes,
      group: paletteText.actions,
      keys: 'Ctrl Shift P',
      run: () => void setPaused(!paused),
    },
    { id: 'refresh', title: paletteText.refresh, group: paletteText.actions, keys: 'Ctrl R', run: () => refreshNow() },
    {
      id: 'hide-emails',
      title: preferences.value.hideEmails ? paletteText.showEmails : paletteText.hideEmails,
      group: paletteText.actions,
      run: () => prefer({ hideEmails: !preferences.value.hideEmails }),
    },
    {
      id: 'shortcuts',
      title: paletteText.shortcuts,
      group: paletteText.actions,
      keys: '?',
      run: () => openDialog('shortcuts'),
    },
    { id: 'about', title: paletteText.about, group: paletteText.actions, run: () => openDialog('about') },
  ];
}

function accountCommands(): Command[] {
  return accounts.value.flatMap(({ accountId, status }) => {
    const name = labelOf(accountId);
    const pause: Command = {
      id: `pause-${accountId}`,
      title: status === 'paused' ? paletteText.resumeAccount(name) : paletteText.pauseAccount(name),
      group: paletteText.accounts,
      run: () => void act(accountId, status === 'paused' ? 'reactivate' : 'pause'),
    };
    return [
      {
        id: `open-${accountId}`,
        title: name,
        group: paletteText.accounts,
        run: () => go({ page: 'accounts', part: accountId }),
      },
      pause,
    ];
  });
}

/** All commands, in the order of the palette. */
export function commands(): readonly Command[] {
  return [...pageCommands(), ...actionCommands(), ...accountCommands()];
}

/** Commands whose title holds every word of the search. */
export function findCommands(all: readonly Command[], search: string): readonly Command[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return all.filter(({ title, group }) => words.every((word) => `${group} ${title}`.toLowerCase().includes(word)));
}

export function openDialog(dialog: FrameDialog): void {
  frameDialog.value = dialog;
}

export function openAddAccount(): void {
  if (place.value.page !== 'accounts') go({ page: 'accounts' });
  openDialog('add-account');
}

export function refreshNow(): void {
  refreshAll();
  notify('info', paletteText.refreshing);
}
