/** Settings as they are and as somebody is about to have them. */
import { computed, effect, signal } from '@preact/signals';
import type { Settings } from '../../sidecar/contract/settings';
import { changeSettings, readDefaults, readHistory, readSettings, restoreSettings } from '../api/settings';
import { settingsText } from '../strings';
import { keepFresh } from './freshness';
import { notify, telling } from './notices';
import { resource, toApiError } from './resource';
import { themePreview, themeSetting } from './theme';

export const settings = keepFresh(resource(readSettings), { pollMs: 60_000, on: ['settings_changed'] });
export const defaults = resource(readDefaults);
export const history = keepFresh(resource(readHistory), { pollMs: 60_000, on: ['settings_changed'] });

export type SettingKey = keyof Settings;

/** Only what differs from the stored values. */
export const draft = signal<Partial<Settings>>({});

export const isDirty = computed(() => Object.keys(draft.value).length > 0);

/** What the controls show. */
export const edited = computed<Settings | null>(() =>
  settings.data.value === null ? null : { ...settings.data.value, ...draft.value },
);

/** Changes the draft; a value that is the stored one again is no change. */
export function edit<K extends SettingKey>(key: K, value: Settings[K]): void {
  const stored = settings.data.value?.[key];
  const { [key]: _before, ...others } = draft.value;
  const isStored = JSON.stringify(stored) === JSON.stringify(value);
  draft.value = (isStored ? others : { ...others, [key]: value }) as Partial<Settings>;
}

export function discard(): void {
  draft.value = {};
}

/** Resolves to whether they were saved. After a conflict the draft stays and the stored values are read anew. */
export async function save(): Promise<boolean> {
  const stored = settings.data.value;
  if (stored === null || !isDirty.value) return true;
  try {
    settings.put(await changeSettings(draft.value, stored.version));
    draft.value = {};
    notify('success', settingsText.saved);
    void history.refresh();
    return true;
  } catch (thrown) {
    const error = toApiError(thrown);
    notify('error', error.status === 409 ? settingsText.conflict : error.message);
    await settings.refresh();
    return false;
  }
}

export async function restore(version: number): Promise<void> {
  await telling(async () => settings.put(await restoreSettings(version)), settingsText.restored(version));
  draft.value = {};
  await history.refresh();
}

/** Keeps the theme in step with the setting, and with the draft while it is edited. Returns what stops it. */
export function startSettings(): () => void {
  void settings.refresh();
  return effect(() => {
    if (settings.data.value !== null) themeSetting.value = settings.data.value.theme;
    themePreview.value = draft.value.theme ?? null;
  });
}
