/** One key: what it used, its limits, its policy. */
import { useState } from 'preact/hooks';
import {
  changeKey,
  deleteKey,
  regenerateKey,
  type ApiKey,
  type ApiKeyLimit,
  type ApiKeyWithSecret,
} from '../../api/keys';
import { Confirm } from '../../components/dialog/confirm';
import { Dialog } from '../../components/dialog/dialog';
import { KeyValues } from '../../components/key-values/key-values';
import { Track } from '../../components/quota-bar/quota-bar';
import { useNow } from '../../components/age/use-now';
import { formatCount, formatUsd } from '../../format/number';
import { quotaTone } from '../../format/quota';
import { formatCountdown, formatFull } from '../../format/time';
import { keyList } from '../../state/keys';
import { notify, telling } from '../../state/notices';
import { toApiError } from '../../state/resource';
import { commonText, keysText } from '../../strings';
import { draftOf, inputOf, KeyFields } from './key-form';

interface Props {
  readonly apiKey: ApiKey;
  readonly onSecret: (made: ApiKeyWithSecret) => void;
  readonly onClose: () => void;
}

type Question = 'delete' | 'regenerate' | null;

async function apply(work: () => Promise<unknown>, done: string): Promise<boolean> {
  const worked = await telling(work, done);
  await keyList.refresh();
  return worked;
}

interface QuestionsProps {
  readonly apiKey: ApiKey;
  readonly question: Question;
  readonly onSecret: Props['onSecret'];
  readonly onClose: () => void;
  readonly onGone: () => void;
}

function Questions({ apiKey, question, onSecret, onClose, onGone }: QuestionsProps) {
  const regenerate = async (): Promise<void> => {
    try {
      onSecret(await regenerateKey(apiKey.id));
    } catch (error) {
      notify('error', toApiError(error).message);
    }
  };
  const erase = async (): Promise<void> => {
    if (await apply(() => deleteKey(apiKey.id), keysText.deleted(apiKey.name))) onGone();
  };
  if (question === null) return null;
  if (question === 'regenerate') {
    return (
      <Confirm title={keysText.regenerate} action={keysText.regenerate} onConfirm={regenerate} onClose={onClose}>
        <p>{keysText.regenerateText}</p>
      </Confirm>
    );
  }
  return (
    <Confirm
      title={keysText.deleteTitle(apiKey.name)}
      action={commonText.delete}
      typed={apiKey.name}
      onConfirm={erase}
      onClose={onClose}
    >
      <p>{keysText.deleteText}</p>
    </Confirm>
  );
}

export function KeyDrawer({ apiKey, onSecret, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(apiKey));
  const [question, setQuestion] = useState<Question>(null);
  const input = inputOf(draft, Date.now());
  const isClean = JSON.stringify(draft) === JSON.stringify(draftOf(apiKey));
  const footer = (
    <>
      <button type="button" class="button danger" onClick={() => setQuestion('delete')}>
        {commonText.delete}
      </button>
      <button type="button" class="button" onClick={() => setQuestion('regenerate')}>
        {keysText.regenerate}
      </button>
      <button
        type="button"
        class="button"
        onClick={() =>
          void apply(() => changeKey(apiKey.id, { isActive: !apiKey.isActive }), keysText.saved(apiKey.name))
        }
      >
        {apiKey.isActive ? keysText.switchOff : keysText.switchOn}
      </button>
      <button
        type="button"
        class="button solid"
        disabled={isClean || input === null}
        onClick={() => input !== null && void apply(() => changeKey(apiKey.id, input), keysText.saved(apiKey.name))}
      >
        {commonText.save}
      </button>
    </>
  );
  return (
    <Dialog title={apiKey.name} drawer width={560} onClose={onClose} footer={footer}>
      <div class="stack">
        <Use apiKey={apiKey} />
        <KeyFields draft={draft} set={(part) => setDraft({ ...draft, ...part })} />
      </div>
      <Questions
        apiKey={apiKey}
        question={question}
        onSecret={onSecret}
        onClose={() => setQuestion(null)}
        onGone={onClose}
      />
    </Dialog>
  );
}

function Use({ apiKey }: { readonly apiKey: ApiKey }) {
  const { usageSummary: use } = apiKey;
  const names = keysText.columns;
  return (
    <>
      <KeyValues
        facts={[
          [names.requests, formatCount(use.requests)],
          [names.tokens, formatCount(use.totalTokens)],
          [names.cost, formatUsd(use.costUsd)],
          [keysText.inflight, formatCount(use.turnsInFlight)],
          [names.used, formatFull(apiKey.lastUsedAt === null ? null : Date.parse(apiKey.lastUsedAt))],
          [keysText.created, formatFull(Date.parse(apiKey.createdAt))],
          [
            keysText.fields.expiry,
            apiKey.expiresAt === null ? keysText.expiries[''] : formatFull(Date.parse(apiKey.expiresAt)),
          ],
        ]}
      />
      {apiKey.limits.map((limit) => (
        <Limit key={limit.id} limit={limit} />
      ))}
    </>
  );
}

function Limit({ limit }: { readonly limit: ApiKeyLimit }) {
  const now = useNow(15_000);
  const format = limit.limitType === 'cost_usd' ? formatUsd : formatCount;
  const left = Math.max(0, 100 - (limit.currentValue / limit.maxValue) * 100);
  const words = `${keysText.limitTypes[limit.limitType]} ${keysText.limitWindows[limit.limitWindow]}`;
  return (
    <div class="quota">
      <div class="quota-line">
        <span class="muted">{words}</span>
        <span title={formatFull(limit.resetAtMs)}>
          {format(limit.currentValue)} / {format(limit.maxValue)} · {formatCountdown(limit.resetAtMs, now)}
        </span>
      </div>
      <Track percent={left} tone={quotaTone(left)} label={words} />
    </div>
  );
}
