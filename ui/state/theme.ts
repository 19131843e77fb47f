/** Which theme is in force: the setting, a preview while it is edited, or the system's. */
import { computed, effect, signal } from '@preact/signals';
import { preferences, prefer } from './preferences';

export type ThemeSetting = 'auto' | 'dark' | 'light';

/** The stored setting; `null` = not read yet, the last known one counts. */
export const themeSetting = signal<ThemeSetting | null>(null);
/** A choice that is being tried out and not saved. */
export const themePreview = signal<ThemeSetting | null>(null);
const systemIsDark = signal(true);

/** What is shown. */
export const theme = computed<'dark' | 'light'>(() => {
  const wanted = themePreview.value ?? themeSetting.value ?? preferences.value.lastTheme;
  if (wanted !== 'auto') return wanted;
  return systemIsDark.value ? 'dark' : 'light';
});

/** Follows the system while the page is open. Returns what stops it. */
export function startTheme(): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const follow = (): void => {
    systemIsDark.value = query.matches;
  };
  follow();
  query.addEventListener('change', follow);
  const forget = effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
  });
  const remember = themeSetting.subscribe((setting) => {
    if (setting !== null) prefer({ lastTheme: setting });
  });
  return () => {
    query.removeEventListener('change', follow);
    forget();
    remember();
  };
}
