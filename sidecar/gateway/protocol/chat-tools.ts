/** Chat's tools, tool choice and their legacy spellings as Responses' (proxy.md 3.1, 3.2). */
import { isRecord, listOf, recordOf, textOf, type Json } from './json-record';
import { invalidField } from './responses-validation';

/** Run by the public API itself, not by this backend. */
const REFUSED: ReadonlySet<unknown> = new Set([
  'file_search',
  'code_interpreter',
  'computer_use',
  'computer_use_preview',
  'image_generation',
]);
const NO_PARAMETERS: Json = { type: 'object', properties: {} };

export interface ChatTools {
  readonly tools: readonly Json[] | undefined;
  readonly choice: unknown;
  /** The client speaks of `functions` and expects `function_call` back. */
  readonly legacy: boolean;
}

/** Throws `invalid_request_error` naming `tools`, `functions` or `function_call`. */
export function readChatTools(body: Json): ChatTools {
  const functions = body['functions'] ?? undefined;
  if (functions === undefined || (body['tools'] ?? undefined) !== undefined) {
    return { tools: readTools(body['tools']), choice: toolChoice(body['tool_choice']), legacy: false };
  }
  if (!Array.isArray(functions)) throw invalidField('functions', '`functions` must be an array.');
  const tools = functions.map((one) => ({ type: 'function', function: one as unknown }));
  return { tools: readTools(tools), choice: functionChoice(body['function_call']), legacy: true };
}

function readTools(tools: unknown): readonly Json[] | undefined {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) throw invalidField('tools', '`tools` must be an array.');
  return tools.flatMap((tool: unknown, index) => (isRecord(tool) ? readTool(tool, `tools[${index}]`) : []));
}

function readTool(tool: Json, path: string): Json[] {
  const type = tool['type'] ?? 'function';
  if (REFUSED.has(type)) {
    throw invalidField('tools', `\`${path}.type\` ${JSON.stringify(type)} is not supported.`);
  }
  if (type === 'function') return functionTool(isRecord(tool['function']) ? tool['function'] : tool, path);
  if (type === 'custom') return customTool(isRecord(tool['custom']) ? tool['custom'] : tool);
  const isSearch = typeof type === 'string' && type.startsWith('web_search');
  return isSearch || textOf(tool['name']) !== undefined ? [tool] : [];
}

/** `strict` is off by default in chat and on in Responses, so it is always said. Nameless functions are dropped. */
function functionTool(called: Json, path: string): Json[] {
  const name = textOf(called['name']);
  if (name === undefined) return [];
  const parameters = called['parameters'] ?? NO_PARAMETERS;
  if (!isRecord(parameters)) throw invalidField('tools', `\`${path}.function.parameters\` must be an object.`);
  const description = textOf(called['description']);
  return [
    {
      type: 'function',
      name,
      ...(description === undefined ? {} : { description }),
      parameters,
      strict: called['strict'] === true,
    },
  ];
}

function customTool(custom: Json): Json[] {
  const name = textOf(custom['name']);
  if (name === undefined) return [];
  const { format, ...rest } = custom;
  const grammar = recordOf(recordOf(format)['grammar']);
  // Chat nests the grammar one level deeper than Responses.
  const flat = textOf(grammar['definition']) === undefined ? format : { type: 'grammar', ...grammar };
  return [{ ...rest, type: 'custom', ...(flat === undefined || flat === null ? {} : { format: flat }) }];
}

/** Objects name their tool one level deeper than Responses wants; texts stay. */
function toolChoice(choice: unknown): unknown {
  if (!isRecord(choice)) return choice ?? undefined;
  const { type = 'function' } = choice;
  if (type === 'allowed_tools') {
    const allowed = recordOf(choice['allowed_tools'] ?? choice);
    return { type, mode: allowed['mode'] ?? 'auto', tools: listOf(allowed['tools']).map(toolChoice) };
  }
  const inner = recordOf(choice[String(type)]);
  const name = textOf(inner['name']) ?? textOf(choice['name']);
  return name === undefined ? choice : { type, name };
}

function functionChoice(choice: unknown): unknown {
  if (choice === undefined || choice === null || choice === 'none' || choice === 'auto') return choice ?? undefined;
  const name = isRecord(choice) ? textOf(choice['name']) : undefined;
  if (name === undefined)
    throw invalidField('function_call', '`function_call` must be "none", "auto" or name a function.');
  return { type: 'function', name };
}
