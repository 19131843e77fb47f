/** One session: who keeps it, and what can be done about that. */
import { useState } from 'preact/hooks';
import type { Session } from '../../api/sessions';
import { Confirm } from '../../components/dialog/confirm';
import { Dialog } from '../../components/dialog/dialog';
import { SelectField } from '../../components/field/field';
import { KeyValues } from '../../components/key-values/key-values';
import { formatCount } from '../../format/number';
import { formatFull } from '../../format/time';
import { accounts, labelOf } from '../../state/accounts';
import { go } from '../../state/place';
import { move, release } from '../../state/sessions';
import { sessionsText } from '../../strings';

interface Props {
  readonly session: Session;
  readonly onForget: () => Promise<void>;
  readonly onClose: () => void;
}

export function SessionDrawer({ session, onForget, onClose }: Props) {
  const [forgetting, setForgetting] = useState(false);
  const [target, setTarget] = useState(session.accountId ?? '');
  const others = accounts.value.map(({ accountId }) => [accountId, labelOf(accountId)] as const);
  const footer = (
    <>
      <button type="button" class="button" onClick={() => go({ page: 'logs', query: { search: session.sessionKey } })}>
        {sessionsText.requests}
      </button>
      <button
        type="button"
        class="button"
        disabled={session.accountId === null}
        title={sessionsText.releaseHelp}
        onClick={() => void release(session)}
      >
        {sessionsText.release}
      </button>
      <button type="button" class="button danger" onClick={() => setForgetting(true)}>
        {sessionsText.forget}
      </button>
    </>
  );
  return (
    <Dialog title={sessionsText.one} drawer width={460} onClose={onClose} footer={footer}>
      <div class="stack">
        <Facts session={session} />
        <SelectField
          label={sessionsText.moveTo}
          help={sessionsText.moveCost(formatCount(session.cachedTokens))}
          value={target}
          choices={others}
          onChange={setTarget}
        />
        <button
          type="button"
          class="button primary"
          disabled={target === '' || target === session.accountId}
          onClick={() => void move(session, target)}
        >
          {sessionsText.move}
        </button>
      </div>
      {forgetting ? (
        <Confirm
          title={sessionsText.forget}
          action={sessionsText.forget}
          onConfirm={onForget}
          onClose={() => setForgetting(false)}
        >
          <p>{sessionsText.forgetText}</p>
        </Confirm>
      ) : null}
    </Dialog>
  );
}

function Facts({ session }: { readonly session: Session }) {
  const names = sessionsText.columns;
  return (
    <KeyValues
      facts={[
        [names.key, <span class="mono">{session.sessionKey}</span>],
        [names.kind, sessionsText.kinds[session.kind]],
        [names.account, session.accountId === null ? sessionsText.free : labelOf(session.accountId)],
        [names.cached, formatCount(session.cachedTokens)],
        [names.updated, formatFull(session.updatedAtMs)],
        [names.expiry, session.expiresAtMs <= 0 ? sessionsText.durable : formatFull(session.expiresAtMs)],
      ]}
    />
  );
}
