/** Anthropic's system prompt and messages as instructions and input items of a Responses request. */
import { blocksOf, blockText, inputParts, invalidBlock } from './anthropic-content';
import { isRecord, recordOf, textOf, type Json } from './json-record';
import { invalidField } from './responses-validation';
import { unsealThinking } from './thinking-seal';

/** Claude Code's first system block is for Anthropic's billing; it changes with every request and would cost the prompt cache. */
const BILLING_BLOCK = 'x-anthropic-billing-header:';

/** The text of `system`; `undefined` = there is none. */
export function readSystem(system: unknown): string | undefined {
  if (system === undefined || system === null) return undefined;
  if (typeof system !== 'string' && !Array.isArray(system)) {
    throw invalidField('system', 'system: must be a string or an array of text blocks.');
  }
  const texts = blocksOf(system, 'system').map((block, index) => blockText(block, `system.${index}`));
  const text = texts.filter((one) => one !== '' && !one.startsWith(BILLING_BLOCK)).join('\n\n');
  return text === '' ? undefined : text;
}

/** Throws `invalid_request_error` with param `messages`. */
export function readMessages(messages: unknown): Json[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalidField('messages', 'messages: must be an array with at least one message.');
  }
  return messages.flatMap((message: unknown, index) => {
    const path = `messages.${index}`;
    if (!isRecord(message)) throw invalidBlock(path, 'must be an object.');
    const blocks = blocksOf(message['content'], `${path}.content`);
    switch (message['role']) {
      case 'user':
        return userItems(blocks, `${path}.content`);
      case 'assistant':
        return assistantItems(blocks, `${path}.content`);
      case 'system':
        return userItems(blocks, `${path}.content`, 'developer');
      default:
        throw invalidBlock(`${path}.role`, 'must be user, assistant or system.');
    }
  });
}

/** Results of tools are items of their own; what stands between them stays between them. */
function userItems(blocks: readonly Json[], path: string, role: 'user' | 'developer' = 'user'): Json[] {
  const items: Json[] = [];
  let content: Json[] = [];
  const endMessage = (): void => {
    if (content.length > 0) items.push({ type: 'message', role, content });
    content = [];
  };
  blocks.forEach((block, index) => {
    const at = `${path}.${index}`;
    if (block['type'] === 'tool_result') {
      endMessage();
      items.push(toolResult(block, at));
    } else {
      content.push(...inputParts(block, at));
    }
  });
  endMessage();
  return items;
}

function toolResult(block: Json, path: string): Json {
  const callId = textOf(block['tool_use_id']);
  if (callId === undefined) throw invalidBlock(`${path}.tool_use_id`, 'is required.');
  const content = block['content'] ?? '';
  const parts = blocksOf(content, `${path}.content`).flatMap((one, index) =>
    inputParts(one, `${path}.content.${index}`),
  );
  // Upstream has no flag for a failed tool; the model has to read it.
  if (block['is_error'] === true) parts.unshift({ type: 'input_text', text: 'The tool failed: ' });
  const isText = parts.every((part) => part['type'] === 'input_text');
  const output = isText ? parts.map((part) => textOf(part['text']) ?? '').join('') : parts;
  return { type: 'function_call_output', call_id: callId, output };
}

function assistantItems(blocks: readonly Json[], path: string): Json[] {
  return blocks.flatMap((block, index): Json[] => {
    const at = `${path}.${index}`;
    switch (block['type']) {
      case 'text': {
        const text = blockText(block, at);
        return text === '' ? [] : [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }];
      }
      case 'tool_use':
        return [toolUse(block, at)];
      case 'thinking':
        return reasoning(unsealThinking(block['signature'], block['thinking']));
      case 'redacted_thinking':
        return reasoning(unsealThinking(block['data'], undefined));
      // Searches that the upstream ran itself: their findings are in the text.
      case 'server_tool_use':
      case 'web_search_tool_result':
        return [];
      default:
        throw invalidBlock(`${at}.type`, `${JSON.stringify(block['type'])} is not supported in an assistant message.`);
    }
  });
}

function reasoning(item: Json | null): Json[] {
  return item === null ? [] : [item];
}

function toolUse(block: Json, path: string): Json {
  const callId = textOf(block['id']);
  const name = textOf(block['name']);
  if (callId === undefined || name === undefined) throw invalidBlock(path, 'a tool_use needs `id` and `name`.');
  return { type: 'function_call', call_id: callId, name, arguments: JSON.stringify(recordOf(block['input'])) };
}
