/** What saving would change. */
import { draft, settings, type SettingKey } from '../../state/settings';
import { settingsText } from '../../strings';
import { showValue } from './setting-value';

export function DiffList() {
  const stored = settings.data.value;
  return (
    <dl class="diff">
      {Object.entries(draft.value).map(([key, value]) => (
        <div key={key}>
          <dt>{settingsText.names[key as SettingKey]}</dt>
          <dd>
            <del>{showValue(key, stored?.[key as SettingKey])}</del> → <ins>{showValue(key, value)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
