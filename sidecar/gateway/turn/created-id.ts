/** The response id out of a `response.created` event, without parsing it: the event repeats every tool of the request. */
const ID_KEY = Buffer.from('"id":');
const QUOTE = 0x22;
/** Upstream ids are about 60 characters; a longer one is not an id. */
const MAX_ID_LENGTH = 200;

/** `null` when the event holds no usable id in its first object (the id comes first in every known event). */
export function readCreatedId(buffer: Buffer, start: number, end: number): string | null {
  const key = buffer.indexOf(ID_KEY, start);
  if (key === -1 || key >= end) return null;
  const open = buffer.indexOf(QUOTE, key + ID_KEY.length);
  if (open === -1 || open >= end) return null;
  const close = buffer.indexOf(QUOTE, open + 1);
  if (close === -1 || close >= end || close - open > MAX_ID_LENGTH) return null;
  const id = buffer.toString('latin1', open + 1, close);
  return id.startsWith('resp_') ? id : null;
}
