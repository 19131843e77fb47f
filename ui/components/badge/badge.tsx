/** Small labelled states: the words carry the meaning, the colour only helps. */
import type { Account } from '../../../sidecar/contract/account';
import { STATUS_TONES } from '../../format/account';
import type { Outcome } from '../../format/log';
import { formatCountdown } from '../../format/time';
import { accountText, logsText } from '../../strings';
import { useNow } from '../age/use-now';
import './badge.css';

export type BadgeTone = 'ok' | 'warn' | 'danger' | 'limited' | 'blocked' | 'off' | 'accent' | 'plain';

export function Badge({
  tone,
  children,
  title,
}: {
  readonly tone: BadgeTone;
  readonly children: preact.ComponentChildren;
  readonly title?: string | undefined;
}) {
  return (
    <span class={`badge badge-${tone}`} title={title}>
      {children}
    </span>
  );
}

/** The account's status, and for limited ones when they come back. */
export function StatusBadge({ account }: { readonly account: Account }) {
  const now = useNow(15_000);
  const back =
    account.blockedUntilMs !== null && account.blockedUntilMs > now
      ? ` · ${formatCountdown(account.blockedUntilMs, now)}`
      : '';
  return (
    <Badge tone={STATUS_TONES[account.status]} title={account.reason ?? undefined}>
      {accountText.status[account.status]}
      {back}
    </Badge>
  );
}

const PLAN_TONES: Readonly<Record<string, BadgeTone>> = { free: 'plain', go: 'plain', plus: 'accent', pro: 'warn' };

/** The plan as upstream names it; nothing when it is not known. */
export function PlanBadge({ plan }: { readonly plan: string | null }) {
  if (plan === null || plan === '') return null;
  return <Badge tone={PLAN_TONES[plan.toLowerCase()] ?? 'blocked'}>{plan}</Badge>;
}

const OUTCOME_TONES: Readonly<Record<Outcome, BadgeTone>> = { ok: 'ok', warn: 'warn', error: 'danger' };

export function OutcomeBadge({ outcome, statusCode }: { readonly outcome: Outcome; readonly statusCode: number }) {
  return (
    <Badge tone={OUTCOME_TONES[outcome]}>
      {statusCode} {logsText.outcomes[outcome]}
    </Badge>
  );
}
