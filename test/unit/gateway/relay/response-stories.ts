/** Generates Responses streams as an upstream might tell them: which repetitions come, how items interleave, how bytes are cut. */
import fc from 'fast-check';
import type { Json } from '../../../../sidecar/gateway/protocol/json-record';
import { EventScanner } from '../../../../sidecar/gateway/relay/event-scanner';

export interface Story {
  /** `response.output` as the terminal event would have it. */
  readonly output: readonly Json[];
  readonly events: readonly Json[];
}

/** What one item repeats; a stream without any of them tells nothing of it, so one is always there. */
interface Manner {
  readonly deltas: boolean;
  readonly partDone: boolean;
  readonly itemDone: boolean;
  readonly ids: boolean;
}

const piece = fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\n\n', 'data: x', '\u2028', '😀', 'é'));
const pieces = fc.array(piece, { minLength: 1, maxLength: 4 });
const manner: fc.Arbitrary<Manner> = fc.record({
  deltas: fc.boolean(),
  partDone: fc.boolean(),
  itemDone: fc.boolean(),
  ids: fc.boolean(),
});

interface Told {
  readonly kind: 'message' | 'function_call' | 'custom_tool_call';
  readonly pieces: readonly string[];
  readonly manner: Manner;
}

const told: fc.Arbitrary<Told> = fc.record({
  kind: fc.constantFrom(
    'message' as const,
    'function_call' as const,
    'function_call' as const,
    'custom_tool_call' as const,
  ),
  pieces,
  manner,
});

function itemOf({ kind, pieces: all }: Told, index: number): Json {
  const text = all.join('');
  if (kind === 'message') {
    return {
      type: kind,
      id: `msg_${index}`,
      role: 'assistant',
      content: [{ type: 'output_text', text, annotations: [] }],
    };
  }
  const call = { type: kind, id: `fc_${index}`, call_id: `call_${index}`, name: `tool_${index}` };
  return kind === 'function_call' ? { ...call, arguments: text } : { ...call, input: text };
}

function eventsOf(one: Told, index: number): Json[] {
  const item = itemOf(one, index);
  const { deltas, partDone, itemDone, ids } = one.manner;
  const place = { output_index: index, ...(ids ? { item_id: item['id'] } : {}) };
  const text = one.pieces.join('');
  const family = {
    message: 'output_text',
    function_call: 'function_call_arguments',
    custom_tool_call: 'custom_tool_call_input',
  };
  const type = `response.${family[one.kind]}`;
  const whole = { message: 'text', function_call: 'arguments', custom_tool_call: 'input' }[one.kind];
  const empty = one.kind === 'message' ? { content: [] } : { [whole]: '' };
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...item, ...empty, status: 'in_progress' } },
    ...(deltas ? one.pieces.map((delta) => ({ type: `${type}.delta`, ...place, content_index: 0, delta })) : []),
    ...(partDone ? [{ type: `${type}.done`, ...place, content_index: 0, [whole]: text }] : []),
    ...(itemDone
      ? [{ type: 'response.output_item.done', output_index: index, item: { ...item, status: 'completed' } }]
      : []),
  ];
}

/** Takes the next event of one of the lists until all are empty; `choices` says of which. */
function interleave(lists: readonly Json[][], choices: readonly number[]): Json[] {
  const left = lists.map((list) => [...list]);
  const all: Json[] = [];
  for (let turn = 0; left.some((list) => list.length > 0); turn++) {
    const open = left.filter((list) => list.length > 0);
    const next = open[(choices[turn % choices.length] ?? 0) % open.length]?.shift();
    if (next !== undefined) all.push(next);
  }
  return all;
}

export const usage = {
  input_tokens: 30,
  input_tokens_details: { cached_tokens: 20 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 3 },
  total_tokens: 37,
};

/** At most one message, as chat has one text; any number of calls beside it. */
export const story: fc.Arbitrary<Story> = fc
  .record({
    items: fc.array(told, { maxLength: 6 }),
    choices: fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }),
    snapshot: fc.boolean(),
  })
  .map(({ items, choices, snapshot }) => {
    const wanted = items.filter(
      (one, at) => one.kind !== 'message' || items.findIndex((two) => two.kind === 'message') === at,
    );
    // Without the snapshot at the end, every item has to be told before.
    const safe = snapshot
      ? wanted
      : wanted.map((one) => ({
          ...one,
          manner: { ...one.manner, itemDone: one.manner.itemDone || !one.manner.deltas },
        }));
    const output = safe.map(itemOf);
    const response = { id: 'resp_story', model: 'gpt-5.5', status: 'completed', error: null, usage };
    const events = [
      { type: 'response.created', response: { ...response, usage: null, status: 'in_progress', output: [] } },
      ...interleave(safe.map(eventsOf), choices),
      { type: 'response.completed', response: { ...response, output: snapshot ? output : [] } },
    ];
    return { output, events };
  });

/** The bytes cut at the given sizes, and handed on as whole events, as the relay does it. */
export function relayed(events: readonly Json[], cuts: readonly number[], onEvents: (bytes: Buffer) => void): void {
  const wire = Buffer.from(
    events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  );
  const scanner = new EventScanner();
  for (let at = 0, turn = 0; at < wire.length; turn++) {
    const size = cuts[turn % cuts.length] ?? 1;
    // A copy: nothing may rely on a neighbour's bytes.
    scanner.feed(Buffer.from(wire.subarray(at, at + size)), { event: () => undefined, forward: onEvents });
    at += size;
  }
}

export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.integer({ min: 1, max: 400 }), {
  minLength: 1,
  maxLength: 8,
});
