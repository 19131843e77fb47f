/** The name, and what belongs to no page. */
import { openDialog } from '../../state/commands';
import { live } from '../../state/live';
import { prefer, preferences } from '../../state/preferences';
import { frameText, paletteText } from '../../strings';
import { Icon } from '../icon/icon';
import { NoticeBell } from '../toasts/toasts';

export function TitleBar() {
  const hidden = preferences.value.hideEmails;
  const privacy = hidden ? paletteText.showEmails : paletteText.hideEmails;
  return (
    <header class="title-bar">
      <strong>{frameText.name}</strong>
      <span class="faint title-tag">{frameText.tagline}</span>
      <span class="spacer" />
      <span class={`live live-${live.value}`} title={frameText.live[live.value].help}>
        {frameText.live[live.value].word}
      </span>
      <button type="button" class="button quiet title-search" onClick={() => openDialog('palette')}>
        <Icon name="search" size={14} />
        <span>{paletteText.title}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <button
        type="button"
        class="button quiet icon"
        aria-label={privacy}
        title={privacy}
        aria-pressed={hidden}
        onClick={() => prefer({ hideEmails: !hidden })}
      >
        <Icon name={hidden ? 'eyeOff' : 'eye'} />
      </button>
      <NoticeBell />
      <button type="button" class="button quiet" onClick={() => openDialog('about')}>
        {frameText.about}
      </button>
    </header>
  );
}
