/** The pool at work: who can serve, what was served, and who would serve next. */
import { useState } from 'preact/hooks';
import { CopyButton } from '../../components/copy-button/copy-button';
import { Confirm } from '../../components/dialog/confirm';
import { KeyValues } from '../../components/key-values/key-values';
import { PageHeader } from '../../components/page-header/page-header';
import { proxySwitch, setEnabled } from '../../state/runtime';
import { frameText, routerText } from '../../strings';
import { PoolPane } from './pool-pane';
import { RequestsPane } from './requests-pane';
import { WhatIf } from './what-if';
import './router.css';

export function RouterPage() {
  const [focus, setFocus] = useState<string | null>(null);
  const [stopping, setStopping] = useState(false);
  const isOn = proxySwitch.data.value?.enabled ?? false;
  return (
    <div class="page">
      <PageHeader eyebrow={routerText.eyebrow} title={routerText.title}>
        {isOn ? (
          <button type="button" class="button" title={routerText.stopHelp} onClick={() => setStopping(true)}>
            {routerText.stop}
          </button>
        ) : null}
      </PageHeader>
      <div class="router">
        <PoolPane focus={focus} onFocus={setFocus} />
        <RequestsPane focus={focus} onClear={() => setFocus(null)} />
        <aside class="router-side" tabIndex={0} aria-label={routerText.whatIf}>
          <WhatIf />
          <Addresses />
        </aside>
      </div>
      {stopping ? (
        <Confirm
          title={routerText.stopTitle}
          action={routerText.stop}
          onConfirm={() => setEnabled(false)}
          onClose={() => setStopping(false)}
        >
          <p>{routerText.stopText}</p>
        </Confirm>
      ) : null}
    </div>
  );
}

function Addresses() {
  const codex = `${location.origin}/backend-api/codex`;
  const openai = `${location.origin}/v1`;
  return (
    <section class="card">
      <header>
        <h3>{routerText.addresses}</h3>
      </header>
      <KeyValues
        facts={[
          [frameText.aboutFacts.codex, <Address url={codex} />],
          [frameText.aboutFacts.openai, <Address url={openai} />],
        ]}
      />
    </section>
  );
}

function Address({ url }: { readonly url: string }) {
  return (
    <span class="row">
      <span class="mono small">{url}</span>
      <CopyButton text={url} label={routerText.copyAddress(url)} />
    </span>
  );
}
