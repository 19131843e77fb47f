/** What the Codex backend refuses in a model call (codex-wire 2.3, proxy 1.7.2 and 2.4). */
import { asArray, asJsonObject, isJsonObject } from './json-value';

/** Answer body of a refusal; the status is always 400. */
export type Refusal = Readonly<Record<string, unknown>>;

/** Fields of the public API that this backend does not know. */
const UNSUPPORTED = [
  'background',
  'generate',
  'max_output_tokens',
  'metadata',
  'prompt_cache_retention',
  'safety_identifier',
  'temperature',
  'top_p',
  'truncation',
  'user',
] as const;

const REPLAYED_CALLS = new Set(['function_call', 'custom_tool_call', 'apply_patch_call']);

const detail = (text: string): Refusal => ({ detail: text });

/** The reason to refuse this body, or `null`. */
export function payloadProblem(body: unknown): Refusal | null {
  if (!isJsonObject(body)) return detail('Invalid request body');
  for (const name of UNSUPPORTED) {
    if (name in body) return detail(`Unsupported parameter: ${name}`);
  }
  if (typeof body['model'] !== 'string' || body['model'] === '') return detail('Model is required');
  if (body['store'] !== false) return detail('Store must be set to false');
  if (body['stream'] !== true) return detail('Stream must be set to true');
  if (!Array.isArray(body['input'])) return detail('Input must be a list');
  return inputProblem(body['input']);
}

function inputProblem(input: readonly unknown[]): Refusal | null {
  const replayed = input.findIndex((item) => {
    const object = asJsonObject(item);
    return REPLAYED_CALLS.has(String(object['type'])) && 'namespace' in object;
  });
  if (replayed >= 0) return unknownParameter(`input[${replayed}].namespace`);
  const triggers = input.flatMap((item, index) => (asJsonObject(item)['type'] === 'compaction_trigger' ? [index] : []));
  if (triggers.length > 1 || (triggers.length === 1 && triggers[0] !== input.length - 1)) {
    return detail('compaction_trigger must be the last input item');
  }
  return null;
}

function unknownParameter(param: string): Refusal {
  const message = `Unknown parameter: '${param}'.`;
  return { error: { message, type: 'invalid_request_error', param, code: 'unknown_parameter' } };
}

/** Whether this input asks for remote compaction v2 (codex-wire 2.7). */
export function endsWithCompactionTrigger(body: unknown): boolean {
  const last = asArray(asJsonObject(body)['input']).at(-1);
  return asJsonObject(last)['type'] === 'compaction_trigger';
}
