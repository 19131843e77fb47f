/** Chat's `response_format` as `text.format` of Responses (proxy.md 3.1, 3.2). */
import { isRecord, textOf, type Json } from './json-record';
import { invalidField } from './responses-validation';

const SCHEMA_NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Upstream requires a name; chat clients of other providers leave it out. */
const DEFAULT_NAME = 'response';

/** The `text` field with the format in it; `undefined` = neither was sent. Throws `invalid_request_error`. */
export function readTextField(body: Json): unknown {
  const text = body['text'] ?? undefined;
  const format = body['response_format'] ?? undefined;
  if (format === undefined) return text;
  if (text !== undefined && !isRecord(text)) throw invalidField('text', '`text` must be an object.');
  if (text?.['format'] !== undefined) {
    throw invalidField('response_format', '`response_format` and `text.format` exclude each other.');
  }
  return { ...text, format: textFormat(format) };
}

function textFormat(format: unknown): Json {
  const type = typeof format === 'string' ? format : isRecord(format) ? format['type'] : undefined;
  if (type === 'text' || type === 'json_object') return { type };
  if (type !== 'json_schema' || !isRecord(format)) {
    throw invalidField('response_format', '`response_format.type` must be text, json_object or json_schema.');
  }
  const schema = format['json_schema'];
  if (!isRecord(schema)) throw invalidField('response_format', '`response_format.json_schema` must be an object.');
  const name = schema['name'] ?? DEFAULT_NAME;
  if (typeof name !== 'string' || !SCHEMA_NAME.test(name)) {
    throw invalidField('response_format', '`response_format.json_schema.name` must match [A-Za-z0-9_-]{1,64}.');
  }
  if (!isRecord(schema['schema'])) {
    throw invalidField('response_format', '`response_format.json_schema.schema` must be an object.');
  }
  const description = textOf(schema['description']);
  return {
    type,
    name,
    schema: schema['schema'],
    ...(description === undefined ? {} : { description }),
    ...(typeof schema['strict'] === 'boolean' ? { strict: schema['strict'] } : {}),
  };
}
