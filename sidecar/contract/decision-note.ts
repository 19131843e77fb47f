/**
 * A routing decision as it is kept: numbers and short names only, because one is written for every request and hardly any
 * is ever read. The words are made when somebody reads it.
 */
import { Type, type Static } from '@sinclair/typebox';
import { BindingGrade, type Decision, type DecisionCandidate } from './routing';

const text = Type.Union([Type.String(), Type.Null()]);

export const DecisionNote = Type.Object(
  {
    v: Type.Literal(1),
    atMs: Type.Integer(),
    strategy: Type.String(),
    grade: BindingGrade,
    boundBy: text,
    boundTo: text,
    refusal: text,
    model: text,
    /** Estimated size of the request, tokens. */
    inputTokens: Type.Union([Type.Integer(), Type.Null()]),
    /** Cached tokens that a move threw away; notes of earlier builds lack this and the next. */
    lostTokens: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    released: Type.Optional(Type.Boolean()),
    considered: Type.Integer(),
    eligible: Type.Integer(),
    /** Names of the numbers that follow the score in each candidate's row. */
    parts: Type.Array(Type.String()),
    /** Account id, reason code, the number that belongs to the reason, score, parts; `null` = not known. */
    candidates: Type.Array(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Null()]), { minItems: 4, maxItems: 20 }),
    ),
  },
  { $id: 'DecisionNote' },
);
export type DecisionNote = Static<typeof DecisionNote>;

/** One row of `DecisionNote.candidates`. */
export type CandidateNote = DecisionNote['candidates'][number];

/** Reasons why an account was picked; every other one but `eligible` keeps it out. */
const CHOSEN: ReadonlySet<string> = new Set(['bound', 'pinned', 'picked']);

type Words = (value: number | null, note: DecisionNote) => string;

/** Reason codes in words. The number is a time in UTC ms, a percentage or a count, as the sentence says. */
const WORDS: Readonly<Record<string, Words>> = {
  bound: (_value, { boundBy }) => `The request belongs to this account (${boundBy ?? 'bound'}).`,
  pinned: () => 'All requests are pinned to this account.',
  picked: (_value, { strategy }) => `Picked by ${strategy}.`,
  eligible: () => 'Could have served.',
  tried: () => 'Failed before in this turn.',
  not_bound: () => 'The request belongs to another account.',
  outside_key_scope: () => 'Not among the accounts that the API key may use.',
  outside_lock_pool: () => 'Not in the lock pool.',
  busy: (value) => `As many turns in flight as it may have (${value ?? 0}).`,
  limited: (value) => `Its usage limit is reached${until(value)}.`,
  above_ceiling: (value) => `Used beyond the ${value ?? 100} % that it may be used.`,
  model_refused: (value, { model }) => `Does not serve ${model ?? 'this model'}; asked again${from(value)}.`,
  cooling: (value) => `Rests after failures${until(value)}.`,
  preserved: () => 'Kept in reserve while others can serve.',
  after_burn_first: () => 'Waits while an account that is to be used up first can serve.',
  gone: () => 'No longer in the pool.',
  paused: () => 'Paused.',
  rate_limited: (value) => `Rate limited${until(value)}.`,
  quota_blocked: (value) => `Its quota is used up${until(value)}.`,
  reauth_required: () => 'Needs a new sign-in.',
  deactivated: () => 'Deactivated by the provider.',
};

const ORDER: readonly DecisionCandidate['verdict'][] = ['chosen', 'eligible', 'excluded'];

/** The chosen one first, then the others by score, then those that were kept out. */
function byVerdict(one: DecisionCandidate, other: DecisionCandidate): number {
  const byPlace = ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict);
  return byPlace === 0 ? (other.score ?? -Infinity) - (one.score ?? -Infinity) || 0 : byPlace;
}

/** The decision in full, with words. */
export function explainDecision(note: DecisionNote): Decision {
  const candidates = note.candidates.map((row) => explainCandidate(row, note)).sort(byVerdict);
  return {
    strategy: note.strategy,
    grade: note.grade,
    boundBy: note.boundBy,
    boundAccountId: note.boundTo,
    accountId: candidates.find(({ verdict }) => verdict === 'chosen')?.accountId ?? null,
    refusal: note.refusal,
    atMs: note.atMs,
    estimatedInputTokens: note.inputTokens,
    cachedTokensLost: note.lostTokens ?? null,
    released: note.released ?? false,
    considered: note.considered,
    eligible: note.eligible,
    candidates,
  };
}

function explainCandidate(
  [accountId, code, value, score, ...figures]: CandidateNote,
  note: DecisionNote,
): DecisionCandidate {
  const name = String(code);
  const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  const parts: Record<string, number> = {};
  for (const [index, part] of note.parts.entries()) {
    const figure = figures[index];
    if (typeof figure === 'number') parts[part] = figure;
  }
  return {
    accountId: String(accountId),
    verdict: CHOSEN.has(name) ? 'chosen' : name === 'eligible' ? 'eligible' : 'excluded',
    code: name,
    reason: words?.(numberOf(value), note) ?? name,
    score: numberOf(score),
    parts,
  };
}

function numberOf(value: string | number | null | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function until(atMs: number | null): string {
  return atMs === null ? '' : ` until ${isoTime(atMs)}`;
}

function from(atMs: number | null): string {
  return atMs === null ? ' later' : ` from ${isoTime(atMs)}`;
}

/** ISO 8601; times beyond what a date can hold (spec ECMA-262, 21.4.1.1) are no times. */
function isoTime(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
}
