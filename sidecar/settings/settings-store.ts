/** The one row of dashboard settings and its history: a JSON object with a version for optimistic writes (design §4, §11). */
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { SettingsVersion } from '../contract/settings';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { TightropeError } from '../platform/errors';

export type SettingsValues = Readonly<Record<string, unknown>>;

export interface StoredSettings {
  /** Grows by one with every change. */
  readonly version: number;
  readonly settings: SettingsValues;
}

/** Who changes, and what the change was made for. */
export interface SettingsWrite {
  readonly by: string;
  /** When given and no longer current: `conflict` with the current version in its details. */
  readonly expectedVersion?: number | undefined;
}

export interface SettingsStore {
  get(): Promise<StoredSettings>;
  /** Stores what `next` makes of the stored settings, as a new version with its history; the same again writes nothing. */
  change(next: (stored: SettingsValues) => SettingsValues, write: SettingsWrite): Promise<StoredSettings>;
  /** Stores state of the process beside the settings: neither a new version nor history. */
  keep(state: SettingsValues): Promise<void>;
  /** Changes, newest first, only below version `before` when that is given. */
  history(limit: number, before?: number): Promise<SettingsVersion[]>;
  /** What was stored after that version; `null` when the history does not hold it. */
  atVersion(version: number): Promise<SettingsValues | null>;
}

interface Row {
  readonly version: number;
  readonly settings: string;
}

interface HistoryRow extends Row {
  readonly at_ms: number;
  readonly changed_by: string;
  readonly changes: string;
}

const TABLE = 'dashboard_settings';
const HISTORY = 'settings_history';
const ONLY_ROW = { id: 1 };
/** Versions that are kept. */
const HISTORY_LENGTH = 500;

export function createSettingsStore(database: Pick<Database, 'read' | 'write'>, clock: Clock): SettingsStore {
  const load = async (knex: Knex): Promise<StoredSettings> =>
    parse(await knex<Row>(TABLE).select('version', 'settings').where(ONLY_ROW).first());
  return {
    get: () => load(database.read),

    change: (next, write) =>
      database.write.transaction(async (trx) => {
        const before = await load(trx);
        refuseStale(before.version, write.expectedVersion);
        const settings = next(before.settings);
        if (isDeepStrictEqual(settings, before.settings)) return before;
        const after = { version: before.version + 1, settings };
        const atMs = clock.now();
        await trx(TABLE)
          .where(ONLY_ROW)
          .update({ ...row(after), updated_at_ms: atMs });
        await trx(HISTORY).insert({
          ...row(after),
          at_ms: atMs,
          changed_by: write.by,
          changes: JSON.stringify(differences(before.settings, settings)),
        });
        await trx(HISTORY)
          .where('version', '<=', after.version - HISTORY_LENGTH)
          .delete();
        return after;
      }),

    keep: (state) =>
      database.write.transaction(async (trx) => {
        const { settings } = await load(trx);
        await trx(TABLE)
          .where(ONLY_ROW)
          .update({ settings: JSON.stringify({ ...settings, ...state }) });
      }),

    async history(limit, before) {
      const query = database.read<HistoryRow>(HISTORY).orderBy('version', 'desc').limit(limit);
      const rows = await (before === undefined ? query : query.where('version', '<', before));
      return rows.map(toVersion);
    },

    async atVersion(version) {
      const found = await database.read<HistoryRow>(HISTORY).where({ version }).first();
      return found === undefined ? null : parse(found).settings;
    },
  };
}

function refuseStale(version: number, expectedVersion: number | undefined): void {
  if (expectedVersion === undefined || expectedVersion === version) return;
  throw new TightropeError('conflict', { message: 'The settings were changed meanwhile.', details: { version } });
}

/** Each name whose value differs, with `null` for "not set". */
function differences(before: SettingsValues, after: SettingsValues): SettingsVersion['changes'] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({ name, from: before[name] ?? null, to: after[name] ?? null }));
}

function row({ version, settings }: StoredSettings): Row {
  return { version, settings: JSON.stringify(settings) };
}

function toVersion({ version, at_ms: atMs, changed_by: by, changes }: HistoryRow): SettingsVersion {
  const list = parseJson(changes);
  return { version, atMs, by, changes: Array.isArray(list) ? (list as SettingsVersion['changes']) : [] };
}

function parse(found: Row | undefined): StoredSettings {
  const settings = found === undefined ? undefined : parseJson(found.settings);
  if (found === undefined || typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new TightropeError('db_unavailable', { message: 'The stored settings cannot be read.' });
  }
  return { version: found.version, settings: { ...settings } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller refuses everything that is not what it expects
  }
}
