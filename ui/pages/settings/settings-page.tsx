/** Settings: an index, a search, each with its default, a look at the difference before saving, and the history. */
import { useEffect, useState } from 'preact/hooks';
import { Confirm } from '../../components/dialog/confirm';
import { Dialog } from '../../components/dialog/dialog';
import { Loaded } from '../../components/empty/loaded';
import { PageHeader } from '../../components/page-header/page-header';
import { pageActions } from '../../state/commands';
import { go, place, setLeaveGuard, setPart, setQuery, type Place } from '../../state/place';
import { defaults, discard, draft, isDirty, save, settings } from '../../state/settings';
import { commonText, settingsText } from '../../strings';
import { HistoryView } from './history-view';
import { DiffList } from './diff-list';
import { SECTIONS } from './setting-table';
import { SettingsSection } from './settings-section';
import './settings.css';

export function SettingsPage() {
  const [review, setReview] = useState(false);
  const [leaving, setLeaving] = useState<Place | null>(null);
  useEffect(() => {
    pageActions.value = { save: () => isDirty.value && setReview(true) };
    setLeaveGuard((to) => {
      if (!isDirty.value) return true;
      setLeaving(to);
      return false;
    });
    const warn = (event: BeforeUnloadEvent): void => {
      if (isDirty.value) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => {
      pageActions.value = {};
      setLeaveGuard(null);
      window.removeEventListener('beforeunload', warn);
    };
  }, []);
  return (
    <div class="page">
      <PageHeader eyebrow={settingsText.eyebrow} title={settingsText.title}>
        <span class={isDirty.value ? 'badge badge-warn' : 'badge badge-plain'} role="status">
          {isDirty.value ? settingsText.dirty(Object.keys(draft.value).length) : settingsText.clean}
        </span>
        <button type="button" class="button" disabled={!isDirty.value} onClick={discard}>
          {settingsText.discard}
        </button>
        <button type="button" class="button primary" disabled={!isDirty.value} onClick={() => setReview(true)}>
          {commonText.save}
        </button>
      </PageHeader>
      <Content />
      {review ? (
        <Confirm
          title={settingsText.reviewTitle}
          action={commonText.save}
          onConfirm={save}
          onClose={() => setReview(false)}
        >
          <DiffList />
        </Confirm>
      ) : null}
      {leaving === null ? null : <Leaving to={leaving} onStay={() => setLeaving(null)} />}
    </div>
  );
}

function Content() {
  const { part, query } = place.value;
  const search = (query['search'] ?? '').toLowerCase();
  const isHistory = part === 'history';
  return (
    <div class="settings">
      <nav class="settings-index" aria-label={settingsText.sections}>
        <input
          type="search"
          class="input"
          aria-label={settingsText.search}
          placeholder={settingsText.search}
          value={query['search'] ?? ''}
          onInput={({ currentTarget }) => setQuery({ search: currentTarget.value })}
        />
        <ul>
          {SECTIONS.map(({ id, title }) => (
            <li key={id}>
              <button
                type="button"
                class="index-link"
                aria-current={!isHistory && part === id ? 'true' : undefined}
                onClick={() => setPart(id)}
              >
                {title}
              </button>
            </li>
          ))}
          <li>
            <button
              type="button"
              class="index-link"
              aria-current={isHistory ? 'true' : undefined}
              onClick={() => setPart('history')}
            >
              {settingsText.history}
            </button>
          </li>
        </ul>
      </nav>
      <div class="settings-body" tabIndex={0} role="region" aria-label={settingsText.title}>
        <Loaded of={settings} lines={10}>
          {() =>
            isHistory ? (
              <HistoryView />
            ) : (
              <Loaded of={defaults}>{() => <Sections search={search} only={part} />}</Loaded>
            )
          }
        </Loaded>
      </div>
    </div>
  );
}

function Sections({ search, only }: { readonly search: string; readonly only: string }) {
  const shown = SECTIONS.filter(({ id }) => search !== '' || only === '' || id === only);
  return (
    <div class="stack">
      {shown.map((section) => (
        <SettingsSection key={section.id} section={section} search={search} />
      ))}
    </div>
  );
}

/** Unsaved changes on the way out: stay, throw them away, or save and go. */
function Leaving({ to, onStay }: { readonly to: Place; readonly onStay: () => void }) {
  const [busy, setBusy] = useState(false);
  const leave = (): void => {
    onStay();
    go(to);
  };
  const saveAndLeave = async (): Promise<void> => {
    setBusy(true);
    const saved = await save();
    setBusy(false);
    if (saved) leave();
  };
  const footer = (
    <>
      <button type="button" class="button" disabled={busy} onClick={onStay}>
        {settingsText.stay}
      </button>
      <button
        type="button"
        class="button danger"
        disabled={busy}
        onClick={() => {
          discard();
          leave();
        }}
      >
        {settingsText.discard}
      </button>
      <button type="button" class="button solid" disabled={busy} onClick={() => void saveAndLeave()}>
        {commonText.save}
      </button>
    </>
  );
  return (
    <Dialog title={settingsText.leaveTitle} onClose={onStay} footer={footer} width={440} busy={busy}>
      <p class="card-more">{settingsText.leaveText}</p>
      <DiffList />
    </Dialog>
  );
}
