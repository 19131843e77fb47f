/** Content blocks of Anthropic messages as parts of Responses items. Paths name the block in every refusal. */
import { TightropeError } from '../../platform/errors';
import { isRecord, textOf, type Json } from './json-record';
import { invalidField } from './responses-validation';

/** 400; the message and the path say where. */
export function invalidBlock(path: string, message: string): TightropeError {
  return invalidField('messages', `${path}: ${message}`);
}

/** A string is one text block. */
export function blocksOf(content: unknown, path: string): readonly Json[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalidBlock(path, 'must be a string or an array of content blocks.');
  return content.map((block: unknown, index) => {
    if (isRecord(block)) return block;
    throw invalidBlock(`${path}.${index}`, 'must be an object.');
  });
}

export function blockText(block: Json, path: string): string {
  if (typeof block['text'] === 'string') return block['text'];
  throw invalidBlock(`${path}.text`, 'must be a string.');
}

/** Blocks of a user message or of a tool's result, but for tool results themselves. */
export function inputParts(block: Json, path: string): Json[] {
  switch (block['type']) {
    case 'text':
      return [{ type: 'input_text', text: blockText(block, path) }];
    case 'image':
      return [imagePart(block['source'], `${path}.source`)];
    case 'document':
      return documentParts(block, path);
    case 'search_result': {
      const source = [textOf(block['title']), textOf(block['source'])].filter((text) => text !== undefined).join(' ');
      return [
        { type: 'input_text', text: source },
        ...blocksOf(block['content'], path).flatMap((one) => inputParts(one, path)),
      ];
    }
    // Only says which tool definitions a search found; all of them are sent here.
    case 'tool_reference':
      return [];
    default:
      throw invalidBlock(`${path}.type`, `${JSON.stringify(block['type'])} is not supported here.`);
  }
}

function imagePart(source: unknown, path: string): Json {
  if (isRecord(source) && source['type'] === 'base64') {
    return { type: 'input_image', image_url: dataUrl(source, path) };
  }
  const url = isRecord(source) && source['type'] === 'url' ? textOf(source['url']) : undefined;
  if (url === undefined || !/^https?:/i.test(url))
    throw new TightropeError('unsupported_input_image_format', { param: 'messages' });
  return { type: 'input_image', image_url: url };
}

function documentParts(block: Json, path: string): Json[] {
  const { source } = block;
  if (!isRecord(source)) throw invalidBlock(`${path}.source`, 'must be an object.');
  const filename = textOf(block['title']) ?? 'document.pdf';
  switch (source['type']) {
    case 'base64':
      return [{ type: 'input_file', filename, file_data: dataUrl(source, `${path}.source`) }];
    case 'text':
      return [{ type: 'input_text', text: textOf(source['data']) ?? '' }];
    case 'url':
      return [{ type: 'input_file', file_url: textOf(source['url']) ?? '' }];
    case 'file':
      return [{ type: 'input_file', file_id: textOf(source['file_id']) ?? '' }];
    case 'content':
      return blocksOf(source['content'], `${path}.source.content`).flatMap((one) => inputParts(one, path));
    default:
      throw invalidBlock(`${path}.source.type`, 'must be base64, text, url, file or content.');
  }
}

function dataUrl(source: Json, path: string): string {
  const mime = textOf(source['media_type']);
  const data = textOf(source['data']);
  if (mime === undefined || data === undefined) throw invalidBlock(path, 'needs `media_type` and `data`.');
  return `data:${mime};base64,${data}`;
}
