/** Anthropic's tools and tool choice as Responses'. */
import { isRecord, textOf, type Json } from './json-record';
import { invalidField } from './responses-validation';

export interface AnthropicTools {
  readonly tools: readonly Json[] | undefined;
  readonly choice: unknown;
  /** `undefined` = not said. */
  readonly parallel: boolean | undefined;
}

/** Throws `invalid_request_error` naming `tools` or `tool_choice`. */
export function readAnthropicTools(body: Json): AnthropicTools {
  const { tools = null, tool_choice: choice = null } = body;
  if (tools !== null && !Array.isArray(tools)) throw invalidField('tools', 'tools: must be an array.');
  if (choice !== null && !isRecord(choice)) throw invalidField('tool_choice', 'tool_choice: must be an object.');
  return {
    tools: tools === null || tools.length === 0 ? undefined : tools.map(readTool),
    choice: choice === null ? undefined : readChoice(choice),
    parallel: choice?.['disable_parallel_tool_use'] === true ? false : undefined,
  };
}

function readTool(tool: unknown, index: number): Json {
  const path = `tools.${index}`;
  if (!isRecord(tool)) throw invalidField('tools', `${path}: must be an object.`);
  const type = tool['type'] ?? 'custom';
  if (typeof type === 'string' && type.startsWith('web_search')) return webSearch(tool);
  if (type !== 'custom') {
    // The schemas of these are known to Anthropic's models only.
    throw invalidField('tools', `${path}.type: ${JSON.stringify(type)} is not supported.`);
  }
  const name = textOf(tool['name']);
  if (name === undefined) throw invalidField('tools', `${path}.name: is required.`);
  const schema = tool['input_schema'];
  if (!isRecord(schema)) throw invalidField('tools', `${path}.input_schema: must be an object.`);
  const description = textOf(tool['description']);
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    // Upstream wants `properties` on every object; Anthropic's API does without.
    parameters:
      schema['type'] === 'object' && schema['properties'] === undefined ? { ...schema, properties: {} } : schema,
    strict: tool['strict'] === true,
  };
}

function webSearch(tool: Json): Json {
  const { allowed_domains: domains, user_location: location } = tool;
  return {
    type: 'web_search',
    ...(Array.isArray(domains) ? { filters: { allowed_domains: domains } } : {}),
    ...(isRecord(location) ? { user_location: location } : {}),
  };
}

function readChoice(choice: Json): unknown {
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return choice['type'];
    case 'any':
      return 'required';
    case 'tool': {
      const name = textOf(choice['name']);
      if (name === undefined) throw invalidField('tool_choice', 'tool_choice.name: is required.');
      return { type: 'function', name };
    }
    default:
      throw invalidField('tool_choice', 'tool_choice.type: must be auto, any, tool or none.');
  }
}
