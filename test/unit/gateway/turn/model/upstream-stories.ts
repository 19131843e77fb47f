/** What an upstream can do to one request, as steps: answers, refusals, breaks before and after its first output, silence. */
import type { Chance } from './chance';

export type Happening =
  | { readonly kind: 'head'; readonly status: number; readonly headers: readonly string[] }
  | { readonly kind: 'chunk'; readonly bytes: Buffer }
  | { readonly kind: 'end' | 'broken' | 'unconnected' };

export const FAULTS = [
  'usage limit',
  'short limit',
  'rate limit',
  'unauthorized',
  'deactivated',
  'server error',
  'no model',
  'refused',
  'no connection',
  'payload',
  'unreadable ciphertext',
  'overload in 200',
  'limit in 200',
  'broken before output',
  'broken after output',
  'cut after output',
  'failed after output',
  'silent',
  'silent after output',
] as const;
export type Verb = (typeof FAULTS)[number] | 'answer';

export interface StoryFacts {
  readonly account: string;
  /** Number of the call, which every event of it carries. */
  readonly call: number;
  readonly chance: Chance;
}

export function storyOf(verb: Verb, facts: StoryFacts): Happening[] {
  const refusal = REFUSALS[verb];
  if (refusal !== undefined) return [...jsonAnswer(refusal.status, refusal.error), { kind: 'end' }];
  if (verb === 'no connection') return [{ kind: 'unconnected' }];
  if (verb === 'refused') return [{ kind: 'broken' }];
  if (verb === 'silent') return [];
  return streamOf(verb, facts);
}

const REFUSALS: Readonly<Partial<Record<Verb, { readonly status: number; readonly error: object }>>> = {
  'usage limit': { status: 429, error: { type: 'usage_limit_reached', resets_in_seconds: 3600 } },
  'short limit': { status: 429, error: { type: 'usage_limit_reached', resets_in_seconds: 120 } },
  'rate limit': { status: 429, error: { code: 'rate_limit_exceeded' } },
  unauthorized: { status: 401, error: { code: 'token_expired' } },
  deactivated: { status: 401, error: { code: 'account_deactivated' } },
  'server error': { status: 500, error: { message: 'boom' } },
  'no model': { status: 400, error: { code: 'model_not_supported' } },
  payload: { status: 400, error: { code: 'invalid_prompt' } },
  'unreadable ciphertext': { status: 400, error: { code: 'invalid_encrypted_content' } },
};

function jsonAnswer(status: number, error: object): Happening[] {
  return [
    { kind: 'head', status, headers: ['content-type', 'application/json'] },
    { kind: 'chunk', bytes: Buffer.from(JSON.stringify({ error })) },
  ];
}

function streamOf(verb: Verb, { account, call, chance }: StoryFacts): Happening[] {
  const name = `${account}-${String(call)}`;
  let events = 0;
  const event = (type: string, more: object): Happening => {
    const data = { type, stamp: `${String(call)}/${account}/${String(events++)}`, ...more };
    return { kind: 'chunk', bytes: Buffer.from(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`) };
  };
  const response = { id: `resp-${name}`, object: 'response' };
  const head: Happening = {
    kind: 'head',
    status: 200,
    headers: ['content-type', 'text/event-stream', 'x-codex-turn-state', `state-${name}`],
  };
  const opening = [head, event('response.created', { response })];
  const failed = (code: string): Happening =>
    event('response.failed', { response: { ...response, status: 'failed', error: { code, message: code } } });
  if (verb === 'overload in 200') return [...opening, failed('server_is_overloaded')];
  if (verb === 'limit in 200') return [...opening, failed('usage_limit_reached')];
  if (verb === 'broken before output') return [...opening, { kind: 'broken' }];
  const output = [
    event('response.output_item.done', {
      item: { type: 'reasoning', summary: [], encrypted_content: `sealed-${name}` },
    }),
    ...Array.from({ length: 1 + chance.below(3) }, () => event('response.output_text.delta', { delta: 'la' })),
  ];
  const said = {
    type: 'message',
    id: `msg-${name}`,
    role: 'assistant',
    content: [{ type: 'output_text', text: 'la' }],
  };
  const shown = [...opening, ...output];
  if (verb === 'broken after output') return [...shown, { kind: 'broken' }];
  if (verb === 'cut after output') return [...shown, { kind: 'end' }];
  if (verb === 'failed after output') return [...shown, failed('server_is_overloaded')];
  if (verb === 'silent after output') return shown;
  const usage = { input_tokens: 9, input_tokens_details: { cached_tokens: 4 }, output_tokens: 2, total_tokens: 11 };
  return [
    ...shown,
    event('response.output_item.done', { item: said }),
    event('response.completed', { response: { ...response, status: 'completed', usage } }),
    { kind: 'end' },
  ];
}
