/** How many tokens a request is, roughly: for clients that ask before they send. The exact count is the upstream's own. */
import { isRecord } from './json-record';

/** English text and code: about four characters a token. */
const ASCII_CHARS_PER_TOKEN = 4;
/** Other scripts: about one and a half. */
const OTHER_CHARS_PER_TOKEN = 1.5;
/** An image of the usual size, whatever its bytes. */
const IMAGE_TOKENS = 1_100;
/** Base64 characters of a document per token: a page of a PDF is about 50 KB and 1,500 tokens. */
const FILE_CHARS_PER_TOKEN = 45;
/** Role, separators and the names of fields of one item or tool. */
const OBJECT_TOKENS = 3;

/** Tokens of a Responses body or any part of it. */
export function estimateTokens(value: unknown): number {
  return Math.ceil(weigh(value, ''));
}

function weigh(value: unknown, key: string): number {
  if (typeof value === 'string') return key === 'file_data' ? value.length / FILE_CHARS_PER_TOKEN : weighText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + weigh(one, key), 0);
  if (!isRecord(value)) return 0;
  if (value['type'] === 'input_image') return IMAGE_TOKENS;
  return Object.entries(value).reduce((sum, [name, one]) => sum + weigh(one, name), OBJECT_TOKENS);
}

function weighText(text: string): number {
  let ascii = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x80) ascii++;
  return ascii / ASCII_CHARS_PER_TOKEN + (text.length - ascii) / OTHER_CHARS_PER_TOKEN;
}
