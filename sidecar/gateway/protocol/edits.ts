/** Changes single members of a JSON object by splicing bytes: order, spacing and every untouched byte stay as they came. */
import { scanTopLevel } from './top-level';
import type { Member, Span, TopLevel } from './top-level';

/** `json` is JSON text. `set` replaces the value where it stands, or appends the member when there is none. */
export type Edit =
  { readonly op: 'set'; readonly key: string; readonly json: string } | { readonly op: 'remove'; readonly key: string };

/** Replaces `body[start, end)` by `bytes`. */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

const NOTHING = Buffer.alloc(0);

/**
 * Applies edits to the top-level object; the last edit of a key counts. A key that occurs twice is left once: every edit binds
 * the form that goes upstream, whichever duplicate the other side would have believed.
 * Returns `body` itself when there is nothing to do. Throws `invalid_json` when `top` has to be scanned and is broken.
 */
export function applyEdits(body: Buffer, edits: readonly Edit[], top: TopLevel = scanTopLevel(body)): Buffer {
  return applyPatches(body, objectPatches(top, edits));
}

/** The patches that make `edits` true of `object`, sorted and disjoint. */
export function objectPatches(object: TopLevel, edits: readonly Edit[]): Patch[] {
  const wanted = new Map<string, string | null>();
  for (const edit of edits) wanted.set(edit.key, edit.op === 'set' ? edit.json : null);
  if (wanted.size === 0) return [];
  const patches: Patch[] = [];
  const kept: Member[] = [];
  for (const member of object.members) {
    const json = wanted.get(member.key);
    const isLast = object.span(member.key) === member;
    if (json === null || (json !== undefined && !isLast)) continue;
    kept.push(member);
    if (json !== undefined) {
      patches.push({ start: member.valueStart, end: member.valueEnd, bytes: Buffer.from(json) });
    }
  }
  const appended = [...wanted].filter(([key, json]) => json !== null && !object.has(key));
  if (kept.length < object.members.length) patches.push(...removals(object.members, kept));
  if (appended.length > 0) patches.push(appendix(object, kept, appended));
  return patches.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The object without all but the last of equal keys. Returns `body` itself when no key occurs twice. */
export function dropDuplicateKeys(body: Buffer, object: TopLevel): Buffer {
  const kept = object.members.filter((member) => object.span(member.key) === member);
  return kept.length === object.members.length ? body : applyPatches(body, removals(object.members, kept));
}

/** Cuts each run of members, or of array items, that are not kept, with the comma that joined it to what stays. */
export function removals(all: readonly Span[], kept: readonly Span[]): Patch[] {
  const patches: Patch[] = [];
  const staying = new Set(kept);
  let before: Span | undefined;
  let run: { first: Span; last: Span } | undefined;
  const close = (next: Span | undefined): void => {
    if (run === undefined) return;
    const start = before === undefined ? run.first.keyStart : before.valueEnd;
    const end = before === undefined && next !== undefined ? next.keyStart : run.last.valueEnd;
    patches.push({ start, end, bytes: NOTHING });
    run = undefined;
  };
  for (const member of all) {
    if (staying.has(member)) {
      close(member);
      before = member;
    } else {
      run = { first: run?.first ?? member, last: member };
    }
  }
  close(undefined);
  return patches;
}

/** New members behind the last one that stays, or alone in the emptied object. */
function appendix(
  object: TopLevel,
  kept: readonly Member[],
  members: readonly (readonly [string, string | null])[],
): Patch {
  const text = members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',');
  const last = kept.at(-1);
  if (last !== undefined) return { start: last.valueEnd, end: last.valueEnd, bytes: Buffer.from(`,${text}`) };
  return { start: object.start + 1, end: object.start + 1, bytes: Buffer.from(text) };
}

/** Applies sorted, disjoint patches in one copy. Returns `body` itself when there are none. */
export function applyPatches(body: Buffer, patches: readonly Patch[]): Buffer {
  if (patches.length === 0) return body;
  const pieces: Buffer[] = [];
  let at = 0;
  for (const patch of patches) {
    pieces.push(body.subarray(at, patch.start), patch.bytes);
    at = patch.end;
  }
  pieces.push(body.subarray(at));
  return Buffer.concat(pieces);
}
