/** The one row of dashboard settings: a JSON object with a version for optimistic writes (design §4, §11). */
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { TightropeError } from '../platform/errors';

export type SettingsValues = Readonly<Record<string, unknown>>;

export interface StoredSettings {
  /** Grows by one with every write. */
  readonly version: number;
  readonly settings: SettingsValues;
}

export interface SettingsStore {
  get(): Promise<StoredSettings>;
  /**
   * Sets the given top-level settings and leaves the others alone.
   * @param expectedVersion when given and no longer current: `conflict` with the current version in its details.
   */
  patch(changes: SettingsValues, expectedVersion?: number): Promise<StoredSettings>;
}

interface Row {
  readonly version: number;
  readonly settings: string;
}

const TABLE = 'dashboard_settings';
const ONLY_ROW = { id: 1 };

export function createSettingsStore(database: Pick<Database, 'read' | 'write'>, clock: Clock): SettingsStore {
  return {
    async get() {
      return parse(await database.read<Row>(TABLE).select('version', 'settings').where(ONLY_ROW).first());
    },
    patch(changes, expectedVersion) {
      return database.write.transaction(async (trx) => {
        const stored = parse(await trx<Row>(TABLE).select('version', 'settings').where(ONLY_ROW).first());
        if (expectedVersion !== undefined && expectedVersion !== stored.version) {
          throw new TightropeError('conflict', {
            message: 'The settings were changed meanwhile.',
            details: { version: stored.version },
          });
        }
        const next: StoredSettings = { version: stored.version + 1, settings: { ...stored.settings, ...changes } };
        await trx(TABLE)
          .where(ONLY_ROW)
          .update({ version: next.version, settings: JSON.stringify(next.settings), updated_at_ms: clock.now() });
        return next;
      });
    },
  };
}

function parse(row: Row | undefined): StoredSettings {
  const settings = row === undefined ? undefined : parseJson(row.settings);
  if (row === undefined || typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new TightropeError('db_unavailable', { message: 'The stored settings cannot be read.' });
  }
  return { version: row.version, settings: { ...settings } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller refuses everything that is no object
  }
}
