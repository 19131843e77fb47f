/** A snapshot as JSON text in the database, and back. */
import { Type, type Static } from '@sinclair/typebox';
import { QuotaSource, WindowClass } from '../contract/quota';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import { parseJson } from './json-fields';
import type { QuotaSnapshot } from './quota-snapshot';

/** Grows when older text can no longer be read. */
const VERSION = 1;

const millis = Type.Integer();
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const stamped = <T extends Parameters<typeof Type.Union>[0][number]>(value: T) =>
  nullable(Type.Object({ value, source: QuotaSource, atMs: millis }));

const StoredWindow = Type.Object({
  class: WindowClass,
  usedPercent: Type.Number({ minimum: 0, maximum: 100 }),
  windowSeconds: nullable(Type.Integer()),
  resetAtMs: nullable(millis),
  source: QuotaSource,
  observedAtMs: millis,
});

const StoredSnapshot = Type.Object({
  version: Type.Literal(VERSION),
  plan: stamped(Type.String()),
  credits: stamped(
    Type.Object({ hasCredits: Type.Boolean(), unlimited: Type.Boolean(), balance: nullable(Type.String()) }),
  ),
  spendingStopped: stamped(Type.Boolean()),
  families: Type.Array(
    Type.Object({
      id: Type.String(),
      name: stamped(Type.String()),
      windows: Type.Array(StoredWindow),
      completeAtMs: millis,
      reached: stamped(nullable(Type.Boolean())),
      refusal: nullable(
        Type.Object({ atMs: millis, untilMs: nullable(millis), class: nullable(WindowClass), code: Type.String() }),
      ),
      needsAccount: Type.Boolean(),
    }),
  ),
  completeAtMs: millis,
});

export function storedText(snapshot: QuotaSnapshot): string {
  const stored: Static<typeof StoredSnapshot> = {
    version: VERSION,
    ...snapshot,
    families: snapshot.families.map((family) => ({ ...family, windows: [...family.windows] })),
  };
  return JSON.stringify(stored);
}

/** Reads stored texts; `null` for one of another version or a damaged one: upstream will say it all again. */
export function snapshotReader(): (text: string) => QuotaSnapshot | null {
  const check = compile(StoredSnapshot, 'quota snapshot');
  return (text) => {
    try {
      const { version: _version, ...snapshot } = check(parseJson(text));
      return Object.freeze(snapshot);
    } catch (error) {
      if (error instanceof TightropeError) return null;
      throw error;
    }
  };
}
