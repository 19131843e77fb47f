/** What stands in place of the pages while the sidecar does not let this browser in: a way in, or why there is none. */
import { useMemo } from 'preact/hooks';
import { readSession, setPassword, signIn, unlock, verifyCode, type SigninSession } from '../../api/signin';
import { Empty } from '../../components/empty/empty';
import { barrier, type Barrier } from '../../state/connection';
import { refreshAll, useFresh } from '../../state/freshness';
import { resource } from '../../state/resource';
import { barrierText } from '../../strings';
import { SecretForm } from './secret-form';

function letIn(): void {
  barrier.value = null;
  refreshAll();
}

export function BarrierPage({ barrier: why }: { readonly barrier: Barrier }) {
  if (why === 'locked') {
    return (
      <SecretForm
        title={barrierText.locked.title}
        text={barrierText.locked.text}
        fields={[{ name: 'passphrase', label: barrierText.locked.field, autocomplete: 'current-password' }]}
        action={barrierText.locked.action}
        send={async ({ passphrase = '' }) => {
          await unlock(passphrase);
          letIn();
        }}
      />
    );
  }
  return <SignIn />;
}

function SignIn() {
  const session = useMemo(() => resource(readSession), []);
  useFresh(session);
  const now = session.data.value;
  if (now === null && session.error.value === null) return null;
  if (now?.passwordRequired === true) return <WithPassword session={now} put={session.put} />;
  if (now?.bootstrapRequired === true) return <FirstPassword />;
  return (
    <Empty title={barrierText.token.title}>
      <p class="muted">{barrierText.token.text}</p>
    </Empty>
  );
}

function WithPassword({
  session,
  put,
}: {
  readonly session: SigninSession;
  readonly put: (session: SigninSession) => void;
}) {
  const next = (answer: SigninSession): void => {
    if (answer.authenticated) letIn();
    else put(answer);
  };
  if (session.totpRequiredOnLogin) {
    return (
      <SecretForm
        key="code"
        title={barrierText.code.title}
        text={barrierText.code.text}
        fields={[{ name: 'code', label: barrierText.code.field, autocomplete: 'one-time-code' }]}
        action={barrierText.signIn.action}
        send={async ({ code = '' }) => next(await verifyCode(code.trim()))}
      />
    );
  }
  return (
    <SecretForm
      key="password"
      title={barrierText.signIn.title}
      text={barrierText.signIn.text(location.host)}
      fields={[{ name: 'password', label: barrierText.signIn.field, autocomplete: 'current-password' }]}
      action={barrierText.signIn.action}
      send={async ({ password = '' }) => next(await signIn(password))}
    />
  );
}

function FirstPassword() {
  return (
    <SecretForm
      title={barrierText.first.title}
      text={barrierText.first.text}
      fields={[
        { name: 'token', label: barrierText.first.token, autocomplete: 'off' },
        { name: 'password', label: barrierText.first.field, autocomplete: 'new-password' },
      ]}
      action={barrierText.first.action}
      send={async ({ token = '', password = '' }) => {
        await setPassword(password, token.trim());
        letIn();
      }}
    />
  );
}
