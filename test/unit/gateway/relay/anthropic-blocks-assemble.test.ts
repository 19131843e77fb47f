/** However upstream interleaves its items: an Anthropic client gets one block after the other, and each exactly once. */
import fc from 'fast-check';
import type { Json } from '../../../../sidecar/gateway/protocol/json-record';
import { AnthropicDialect } from '../../../../sidecar/gateway/relay/anthropic-dialect';
import { cuts, relayed, story, type Story } from './response-stories';

const OPTIONS = { model: 'claude-x', stop: [], thinking: true };

interface Event {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: Json;
  readonly delta?: Json;
}

interface Block {
  readonly type: unknown;
  readonly id: unknown;
  text: string;
}

/** What an SDK does with the events, and what it insists on. */
function assemble(text: string): Block[] {
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)) as Event);
  const blocks: Block[] = [];
  let open: number | null = null;
  for (const event of events) {
    if (event.type === 'content_block_start') {
      expect([open, event.index]).toEqual([null, blocks.length]);
      open = blocks.push({ type: event.content_block?.['type'], id: event.content_block?.['id'], text: '' }) - 1;
    } else if (event.type === 'content_block_delta') {
      expect(event.index).toBe(open);
      const block = blocks[open ?? -1];
      if (block !== undefined) block.text += String(event.delta?.['text'] ?? event.delta?.['partial_json']);
    } else if (event.type === 'content_block_stop') {
      expect(event.index).toBe(open);
      open = null;
    }
  }
  expect(open).toBeNull();
  expect(events.map((event) => event.type).filter((type) => !type.startsWith('content_block'))).toEqual([
    'message_start',
    'message_delta',
    'message_stop',
  ]);
  return blocks;
}

function expected({ output }: Story): Block[] {
  return output.flatMap((item): Block[] => {
    if (item['type'] !== 'message') {
      return [{ type: 'tool_use', id: item['call_id'], text: String(item['arguments'] ?? item['input']) }];
    }
    const text = (item['content'] as { text: string }[])[0]?.text ?? '';
    return text === '' ? [] : [{ type: 'text', id: undefined, text }];
  });
}

/** The order of blocks is that in which the first of them was told; what is in them is what counts here. */
const sorted = (blocks: readonly Block[]): Block[] =>
  [...blocks].sort((a, b) => `${String(a.type)} ${String(a.id)}`.localeCompare(`${String(b.type)} ${String(b.id)}`));

test('events assemble to the blocks of the final response', () => {
  fc.assert(
    fc.property(story, cuts, (one, sizes) => {
      const dialect = new AnthropicDialect({ ...OPTIONS, errorBody: () => ({}) });
      let text = '';
      relayed(one.events, sizes, (events) => (text += dialect.translate(events).toString()));
      expect(sorted(assemble(text))).toEqual(sorted(expected(one)));
    }),
  );
});
