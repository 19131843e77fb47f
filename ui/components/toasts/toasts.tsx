/** Messages at the lower right; all of them again in the history (spec/ui.md 12). */
import { useState } from 'preact/hooks';
import { formatMoment } from '../../format/time';
import { closeNotice, markNoticesSeen, notices, toasts, unseenProblems, type Notice } from '../../state/notices';
import { noticeText } from '../../strings';
import { useNow } from '../age/use-now';
import { Dialog } from '../dialog/dialog';
import { Empty } from '../empty/empty';
import { Icon } from '../icon/icon';
import './toasts.css';

export function Toasts() {
  return (
    <ol class="toasts" aria-label={noticeText.messages}>
      {toasts.value.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </ol>
  );
}

function Toast({ notice }: { readonly notice: Notice }) {
  const { action } = notice;
  return (
    <li class={`toast toast-${notice.level}`} role={notice.level === 'error' ? 'alert' : 'status'}>
      <span class="toast-text">{notice.text}</span>
      {action === null ? null : (
        <button
          type="button"
          class="button primary"
          onClick={() => {
            closeNotice(notice.id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        class="button quiet icon"
        aria-label={noticeText.closeMessage}
        onClick={() => closeNotice(notice.id)}
      >
        <Icon name="close" size={14} />
      </button>
    </li>
  );
}

/** The bell and what it opens. */
export function NoticeBell() {
  const [open, setOpen] = useState(false);
  const unseen = unseenProblems.value;
  const close = (): void => {
    markNoticesSeen();
    setOpen(false);
  };
  return (
    <>
      <button
        type="button"
        class="button quiet icon bell"
        aria-label={noticeText.history(unseen)}
        title={noticeText.history(unseen)}
        onClick={() => setOpen(true)}
      >
        <Icon name="bell" />
        {unseen === 0 ? null : <span class="count count-danger">{unseen}</span>}
      </button>
      {open ? (
        <Dialog title={noticeText.historyTitle} onClose={close} drawer width={420}>
          <NoticeList />
        </Dialog>
      ) : null}
    </>
  );
}

function NoticeList() {
  const now = useNow(60_000);
  if (notices.value.length === 0) return <Empty title={noticeText.noMessages} />;
  return (
    <ul class="stack">
      {notices.value.map((notice) => (
        <li key={notice.id} class={`past toast-${notice.level}`}>
          <p>{notice.text}</p>
          <p class="small faint">{formatMoment(notice.atMs, now)}</p>
        </li>
      ))}
    </ul>
  );
}
