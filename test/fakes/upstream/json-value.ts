/** Careful looks into JSON of unknown shape. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, else an empty one. */
export function asJsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The array itself, else an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text itself, else `undefined`. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Visits every object at any depth, parents first. */
export function visitObjects(value: unknown, visit: (object: JsonObject) => void): void {
  if (Array.isArray(value)) {
    for (const entry of value) visitObjects(entry, visit);
  } else if (isJsonObject(value)) {
    visit(value);
    for (const entry of Object.values(value)) visitObjects(entry, visit);
  }
}
