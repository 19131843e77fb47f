/** Every change of the settings, and the way back to each. */
import type { SettingsVersion } from '../../../sidecar/contract/settings';
import { Loaded } from '../../components/empty/loaded';
import { Empty } from '../../components/empty/empty';
import { formatFull } from '../../format/time';
import { history, isDirty, restore, settings } from '../../state/settings';
import { settingsText } from '../../strings';
import { showValue } from './setting-value';

export function HistoryView() {
  return (
    <section class="card" aria-label={settingsText.history}>
      <header>
        <h2>{settingsText.history}</h2>
      </header>
      <Loaded of={history}>
        {({ versions }) =>
          versions.length === 0 ? (
            <Empty title={settingsText.noHistory} />
          ) : (
            <ol class="stack">
              {versions.map((version) => (
                <Version key={version.version} version={version} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  );
}

function Version({ version: { version, atMs, by, changes } }: { readonly version: SettingsVersion }) {
  const isCurrent = settings.data.value?.version === version;
  const names: Readonly<Record<string, string>> = settingsText.names;
  return (
    <li class="setting">
      <div>
        <strong>{settingsText.version(version)}</strong>
        <p class="small faint">
          {formatFull(atMs)} · {by}
        </p>
        <ul class="small">
          {changes.map(({ name, from, to }) => (
            <li key={name}>
              {names[name] ?? name}: <del>{showValue(name, from)}</del> → <ins>{showValue(name, to)}</ins>
            </li>
          ))}
        </ul>
      </div>
      <div class="setting-control">
        <button
          type="button"
          class="button"
          disabled={isCurrent || isDirty.value}
          title={isCurrent ? settingsText.isCurrent : isDirty.value ? settingsText.saveFirst : undefined}
          onClick={() => void restore(version)}
        >
          {settingsText.restore}
        </button>
      </div>
    </li>
  );
}
