/** Looks for secrets where none may be: output, log files, the database. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Files whose very purpose is to hold a secret of Tightrope's own. */
const OWN_SECRET_FILES = new Set(['admin-token']);

interface Place {
  readonly name: string;
  readonly text: string;
}

async function placesIn(folder: string): Promise<Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !OWN_SECRET_FILES.has(entry.name));
  return Promise.all(
    files.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return { name: path.relative(folder, file), text: (await readFile(file)).toString('latin1') };
    }),
  );
}

/** Names of the places (outputs, files below the folder) in which one of the secrets appears in the clear. */
export async function findLeaks(
  secrets: readonly string[],
  outputs: Readonly<Record<string, string>>,
  folder: string,
): Promise<string[]> {
  const places: Place[] = Object.entries(outputs).map(([name, text]) => ({ name, text }));
  places.push(...(await placesIn(folder)));
  return places.filter((place) => secrets.some((secret) => place.text.includes(secret))).map((place) => place.name);
}
