/** Whatever sequence of text and call events comes, however cut: the deltas make exactly the final response (issue 7). */
import fc from 'fast-check';
import type { Json } from '../../../../sidecar/gateway/protocol/json-record';
import { ChatCollector } from '../../../../sidecar/gateway/relay/chat-collector';
import { ChatDialect } from '../../../../sidecar/gateway/relay/chat-dialect';
import { cuts, relayed, story, type Story } from './response-stories';

const OPTIONS = { model: 'gpt-5.5', includeUsage: true, stop: [], legacyFunctions: false, created: 1_790_000_000 };

interface Chunk {
  readonly id: string;
  readonly choices: readonly { readonly delta: Json; readonly finish_reason: string | null }[];
  readonly usage: Json | null;
}

function chunksOf(text: string): Chunk[] {
  const lines = text.split('\n\n').filter((line) => line !== '');
  expect(lines.at(-1)).toBe('data: [DONE]');
  return lines.slice(0, -1).map((line) => JSON.parse(line.replace(/^data: /, '')) as Chunk);
}

/** What the chunks add up to, computed as a client does it. */
function assemble(chunks: readonly Chunk[]): { content: string; calls: Json[]; finish: unknown[]; usage: unknown[] } {
  let content = '';
  const calls: Record<string, unknown>[] = [];
  for (const chunk of chunks) {
    const delta = chunk.choices[0]?.delta ?? {};
    if (typeof delta['content'] === 'string') content += delta['content'];
    for (const call of (delta['tool_calls'] ?? []) as {
      index: number;
      id?: string;
      function?: Json;
      custom?: Json;
    }[]) {
      const { index, id } = call;
      const piece = String(call.function?.['arguments'] ?? call.custom?.['input'] ?? '');
      const known = calls[index];
      if (known === undefined) {
        calls[index] = { id, name: call.function?.['name'] ?? call.custom?.['name'], input: piece };
      } else {
        expect(id).toBeUndefined();
        known['input'] = `${String(known['input'])}${piece}`;
      }
    }
  }
  const finish = chunks.map((chunk) => chunk.choices[0]?.finish_reason ?? null).filter((reason) => reason !== null);
  return { content, calls, finish, usage: chunks.map((chunk) => chunk.usage).filter((one) => one !== null) };
}

const byId = (calls: readonly Json[]): Json[] =>
  [...calls].sort((a, b) => String(a['id']).localeCompare(String(b['id'])));

function expected({ output }: Story): { content: string; calls: Json[] } {
  const message = output.find((item) => item['type'] === 'message');
  const content = (message?.['content'] as { text: string }[] | undefined)?.[0]?.text ?? '';
  const calls = output
    .filter((item) => item['type'] !== 'message')
    .map((item) => ({ id: item['call_id'], name: item['name'], input: item['arguments'] ?? item['input'] }));
  return { content, calls: byId(calls) };
}

test('chunks assemble to the final response', () => {
  fc.assert(
    fc.property(story, cuts, (one, sizes) => {
      const dialect = new ChatDialect(OPTIONS);
      let text = '';
      relayed(one.events, sizes, (events) => (text += dialect.translate(events).toString()));
      const chunks = chunksOf(text);
      const { content, calls, finish, usage } = assemble(chunks);
      expect({ content, calls: byId(calls) }).toEqual(expected(one));
      expect(finish).toEqual([calls.length > 0 ? 'tool_calls' : 'stop']);
      expect(usage).toEqual([expect.objectContaining({ prompt_tokens: 30, total_tokens: 37 })]);
      expect(new Set(chunks.map((chunk) => chunk.id))).toEqual(new Set(['resp_story']));
      expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    }),
  );
});

test('the collected completion is the same answer', () => {
  fc.assert(
    fc.property(story, cuts, (one, sizes) => {
      const collector = new ChatCollector(OPTIONS);
      relayed(one.events, sizes, (events) => collector.push(events));
      const completion = JSON.parse(collector.finish().body.toString()) as {
        choices: [
          { message: { content: string | null; tool_calls?: { id: string; function?: Json; custom?: Json }[] } },
        ];
      };
      const { message } = completion.choices[0];
      const calls = (message.tool_calls ?? []).map(({ id, function: called, custom }) => ({
        id,
        name: called?.['name'] ?? custom?.['name'],
        input: called?.['arguments'] ?? custom?.['input'],
      }));
      expect({ content: message.content ?? '', calls: byId(calls) }).toEqual(expected(one));
    }),
  );
});
