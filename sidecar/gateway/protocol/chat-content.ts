/** Parts of chat messages as parts of Responses items (proxy.md 3.1, 3.2). Paths name the part in every refusal. */
import { TightropeError } from '../../platform/errors';
import { isRecord, textOf, type Json } from './json-record';
import { invalidField } from './responses-validation';

const IMAGE_URL = /^\s*(?:data:|https?:)/i;
const TEXT_TYPES: ReadonlySet<unknown> = new Set([undefined, 'text', 'input_text', 'output_text']);

/** 400 with `messages` as `param`; the message names the very place. */
export function invalidMessage(message: string): TightropeError {
  return invalidField('messages', message);
}

/** The text of a part that is one, in any of its spellings; `undefined` for other parts. */
export function partText(part: unknown, path: string): string | undefined {
  if (typeof part === 'string') return part;
  if (!isRecord(part)) throw invalidMessage(`\`${path}\` must be a string or an object.`);
  if (!TEXT_TYPES.has(part['type'])) return undefined;
  if (typeof part['text'] === 'string') return part['text'];
  throw invalidMessage(`\`${path}.text\` must be a string.`);
}

/** Content as a list: `null` and an empty string are no parts. */
export function contentParts(content: unknown, path: string): readonly unknown[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string' || isRecord(content)) return [content];
  if (Array.isArray(content)) return content;
  throw invalidMessage(`\`${path}\` must be a string or an array of parts.`);
}

/** Text of content that may hold nothing else, its parts joined by `separator`. */
export function textOnly(content: unknown, path: string, separator: string): string {
  const texts = contentParts(content, path).map((part, index) => {
    const text = partText(part, `${path}[${index}]`);
    if (text === undefined) throw invalidMessage(`\`${path}[${index}]\` must be text.`);
    return text;
  });
  return texts.filter((text) => text !== '').join(separator);
}

/** One part of a user message, or of what a tool gave back. */
export function userPart(part: unknown, path: string): Json {
  const text = partText(part, path);
  if (text !== undefined) return { type: 'input_text', text };
  const { type, ...rest } = part as Json;
  switch (type) {
    case 'image_url':
      return imagePart(rest['image_url'], path);
    case 'file':
      return filePart(rest['file'], path);
    case 'input_image':
    case 'input_file':
      return { type, ...rest };
    case 'input_audio':
      throw invalidMessage('Audio input is not supported.');
    default:
      throw invalidMessage(`\`${path}.type\` ${JSON.stringify(type)} is not supported.`);
  }
}

function imagePart(image: unknown, path: string): Json {
  const url = textOf(isRecord(image) ? image['url'] : image);
  if (url === undefined) throw invalidMessage(`\`${path}.image_url\` needs a \`url\`.`);
  if (!IMAGE_URL.test(url)) throw new TightropeError('unsupported_input_image_format', { param: 'messages' });
  const detail = isRecord(image) ? textOf(image['detail']) : undefined;
  return { type: 'input_image', image_url: url, ...(detail === undefined ? {} : { detail }) };
}

/** A file by id, by URL or by its bytes; upstream wants the bytes as a data URL with a name. */
function filePart(file: unknown, path: string): Json {
  if (!isRecord(file)) throw invalidMessage(`\`${path}.file\` must be an object.`);
  const id = textOf(file['file_id']);
  if (id !== undefined) return { type: 'input_file', file_id: id };
  const url = textOf(file['file_url']);
  if (url !== undefined) return { type: 'input_file', file_url: url };
  const data = textOf(file['file_data']) ?? textOf(file['data']);
  if (data === undefined) throw invalidMessage(`\`${path}.file\` needs \`file_data\`, \`file_url\` or \`file_id\`.`);
  const mime = textOf(file['mime_type']) ?? textOf(file['content_type']) ?? 'application/octet-stream';
  return {
    type: 'input_file',
    filename: textOf(file['filename']) ?? 'file',
    file_data: data.startsWith('data:') ? data : `data:${mime};base64,${data}`,
  };
}
