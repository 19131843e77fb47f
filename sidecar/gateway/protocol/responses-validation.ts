/** What a Responses body must look like before any rule touches it: 400 `invalid_request_error` naming field, rule and kind. */
import { TightropeError } from '../../platform/errors';
import type { JsonKind } from './top-level';
import type { RequestDraft } from './request-draft';

/** 400 with the field as `param`. */
export function invalidField(param: string, message: string): TightropeError {
  return new TightropeError('invalid_request_error', { param, message });
}

const ARTICLES: Readonly<Record<JsonKind, string>> = {
  string: 'a string',
  number: 'a number',
  object: 'an object',
  array: 'an array',
  true: 'a boolean',
  false: 'a boolean',
  null: 'null',
};

/** A kind as a sentence names it. */
function nameOfKind(kind: JsonKind): string {
  return ARTICLES[kind];
}

/** Optional fields whose kind is certain. `null` counts as left out (proxy.md 2.2 rules 9–18). */
const OPTIONAL_KINDS: readonly (readonly [key: string, kinds: readonly JsonKind[], wanted: string])[] = [
  ['stream', ['true', 'false'], 'a boolean'],
  ['store', ['true', 'false'], 'a boolean'],
  ['tools', ['array'], 'an array'],
  ['include', ['array'], 'an array of strings'],
  ['parallel_tool_calls', ['true', 'false'], 'a boolean'],
  ['previous_response_id', ['string'], 'a string'],
];

/** Throws TightropeError `invalid_request_error` for the first field that is wrong. */
export function validateResponsesBody(draft: RequestDraft): void {
  validateModel(draft);
  validateInput(draft);
  for (const [key, kinds, wanted] of OPTIONAL_KINDS) {
    const kind = draft.kind(key);
    if (kind === undefined || kind === 'null' || kinds.includes(kind)) continue;
    throw invalidField(key, `\`${key}\` must be ${wanted}, got ${nameOfKind(kind)}.`);
  }
  validateInclude(draft);
  validateAnchor(draft);
}

function validateModel(draft: RequestDraft): void {
  const kind = draft.kind('model');
  if (kind === undefined) throw invalidField('model', '`model` is required.');
  if (kind !== 'string') throw invalidField('model', `\`model\` must be a string, got ${nameOfKind(kind)}.`);
  if (draft.string('model')?.trim() === '') throw invalidField('model', '`model` must not be an empty string.');
}

function validateInput(draft: RequestDraft): void {
  const kind = draft.kind('input');
  if (kind === undefined) throw invalidField('input', '`input` is required.');
  if (kind !== 'string' && kind !== 'array') {
    throw invalidField('input', `\`input\` must be a string or an array, got ${nameOfKind(kind)}.`);
  }
}

function validateInclude(draft: RequestDraft): void {
  const body = draft.body;
  draft.items('include').forEach((item, index) => {
    if (body[item.valueStart] === 0x22) return;
    throw invalidField('include', `\`include\` must be an array of strings; entry ${index} is none.`);
  });
}

/** proxy.md 2.2 rule 19. */
function validateAnchor(draft: RequestDraft): void {
  const conversation = draft.kind('conversation');
  if (conversation === undefined || conversation === 'null' || draft.string('conversation')?.trim() === '') return;
  if ((draft.string('previous_response_id') ?? '').trim() === '') return;
  throw invalidField('previous_response_id', '`previous_response_id` and `conversation` exclude each other.');
}
