/**
 * Reasoning ciphertext as the signature of a thinking block and back, so that an Anthropic client that returns its history
 * unchanged, as it must, gives the model its reasoning again.
 */
import { isRecord, textOf, type Json } from './json-record';

/** Tells our signatures from those of Anthropic's own models, which mean nothing to this upstream. */
const PREFIX = 'tightrope1.';

export function sealThinking(id: string | null, ciphertext: string): string {
  return PREFIX + Buffer.from(JSON.stringify({ id, ciphertext })).toString('base64');
}

/** The reasoning item of a block the client sent back; `null` = the block is not ours. */
export function unsealThinking(signature: unknown, thinking: unknown): Json | null {
  if (typeof signature !== 'string' || !signature.startsWith(PREFIX)) return null;
  const seal = parse(Buffer.from(signature.slice(PREFIX.length), 'base64').toString('utf8'));
  const ciphertext = isRecord(seal) ? textOf(seal['ciphertext']) : undefined;
  if (!isRecord(seal) || ciphertext === undefined) return null;
  const id = textOf(seal['id']);
  const text = textOf(thinking);
  return {
    type: 'reasoning',
    ...(id === undefined ? {} : { id }),
    summary: text === undefined ? [] : [{ type: 'summary_text', text }],
    encrypted_content: ciphertext,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // A signature that was cut or changed is worth as much as a foreign one.
  }
}
