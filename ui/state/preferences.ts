/** What this browser remembers of how its user likes to look at things. No data of the sidecar, no secrets. */
import { effect, signal } from '@preact/signals';

export interface Preferences {
  /** Show `Account 3` instead of e-mail addresses. */
  readonly hideEmails: boolean;
  /** Accounts page: cards or a table. */
  readonly accountsView: 'cards' | 'table';
  /** Order of the account lists; a key of `ACCOUNT_ORDERS`. */
  readonly accountOrder: string;
  /** Log columns that are hidden. */
  readonly hiddenLogColumns: readonly string[];
  /** Days of the trends: 7 or 28. */
  readonly trendDays: number;
  /** The theme that was in force when the page was last open, so that it does not flash while settings load. */
  readonly lastTheme: 'auto' | 'dark' | 'light';
}

const DEFAULTS: Preferences = {
  hideEmails: false,
  accountsView: 'cards',
  accountOrder: 'reset',
  hiddenLogColumns: ['path', 'client'],
  trendDays: 7,
  lastTheme: 'auto',
};

const STORAGE_KEY = 'tightrope.preferences';

export const preferences = signal<Preferences>(DEFAULTS);

export function prefer(change: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...change };
}

/** Reads what was remembered and remembers changes. Returns what stops it. */
export function startPreferences(): () => void {
  preferences.value = { ...DEFAULTS, ...stored() };
  return effect(() => {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(preferences.value));
  });
}

function stored(): Partial<Preferences> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Partial<Preferences>) : {};
  } catch {
    return {}; // something else wrote there: start over
  }
}
