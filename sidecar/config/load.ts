/** Loads the configuration once: defaults < TOML file < environment < command line (spec/data-security.md 1.3). */
import { Ajv } from 'ajv';
import { CONFIG_SCHEMA, SETTINGS, type Config, type SettingRow } from './config';
import { boundedPollMs, inconsistencies, type Sources } from './consistency';
import { FORMATS } from './formats';
import { environmentCandidates, fileCandidates, flagCandidates, type Candidate, type Flags } from './layers';
import { absolutePath, dataDirectoryOf, surroundingsOf, type Environment, type Surroundings } from './paths';
import { ConfigError, type ConfigWarning } from './problem';
import { kindOf, ruleText } from './rule-text';
import type { Source } from './setting';
import { readTomlFile, type TomlFile } from './toml-file';
import { CONFIG_PATH_VARIABLE, unknownKeys, unknownVariables } from './unknown-names';

/** What a load depends on; all but the flags come from the process unless a test says otherwise. */
export interface LoadOptions {
  /** Long options without dashes: `host`, `port`, `db`, `log-level`, `config`. */
  readonly flags: Flags;
  readonly env?: Environment;
  readonly cwd?: string;
  readonly platform?: NodeJS.Platform;
}

/** The configuration and how it came about. */
export interface LoadedConfig {
  /** Deeply frozen. */
  readonly config: Config;
  /** Source of each value by its path, such as `server.port`. */
  readonly sources: Sources;
  /** Name under which each value that is no default was given: `TIGHTROPE_PORT`, `--port`, `/etc/t.toml:3`. */
  readonly origins: ReadonlyMap<string, string>;
  readonly warnings: readonly ConfigWarning[];
  /** The TOML file that was read, absolute; `null` = none was asked for. */
  readonly file: string | null;
  /** Folder of the database, absolute. */
  readonly dataDirectory: string;
}

/** A Config under construction: its shape holds at every step, which `isConfig` checks. */
type Draft = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A bad value; a refusal unless a stronger layer has put a good one in its place. */
interface BadValue {
  readonly path: string;
  readonly refuse: boolean;
  readonly warning: ConfigWarning;
}

/** A pure function of its argument; compiled once because compiling takes longer than everything else here. */
const isConfig = new Ajv({ allowUnionTypes: true, formats: ajvFormats(), logger: false }).compile<Config>(
  CONFIG_SCHEMA,
);

function ajvFormats(): Record<string, (value: string) => boolean> {
  return Object.fromEntries(Object.entries(FORMATS).map(([name, { matches }]) => [name, matches]));
}

/**
 * Reads all layers. A bad value is a warning and the layer below stays, or a refusal for the settings that say so.
 *
 * @throws ConfigError listing every refusal: a file that was asked for and cannot be used, or a bad value of a setting
 *   without which starting would be unsafe (where to listen, whom to trust, what seals tokens, where tokens are sent)
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const env = options.env ?? process.env;
  const platform = options.platform ?? process.platform;
  const surroundings = surroundingsOf(env, options.cwd ?? process.cwd(), platform);
  const toml = requestedFile(options.flags, env, surroundings);
  const building = new Building(surroundings);
  if (toml !== null) fileCandidates(toml, surroundings).forEach(building.apply);
  environmentCandidates(env, surroundings).forEach(building.apply);
  flagCandidates(options.flags, surroundings).forEach(building.apply);

  const { config, warnings } = building.finish();
  const unknown = [...(toml === null ? [] : unknownKeys(toml)), ...unknownVariables(env)];
  return {
    config,
    sources: building.sources,
    origins: building.origins,
    warnings: [...warnings, ...unknown, ...inconsistencies(config, building.sources)],
    file: toml?.file ?? null,
    dataDirectory: dataDirectoryOf(config.database.path, platform),
  };
}

function requestedFile(flags: Flags, env: Environment, surroundings: Surroundings): TomlFile | null {
  const flag = flags['config'];
  if (flag === '') {
    throw new ConfigError([
      { message: '--config must name a file; it is empty', key: '--config', source: 'command line' },
    ]);
  }
  const requested = flag ?? env[CONFIG_PATH_VARIABLE] ?? '';
  const askedBy = flag === undefined ? CONFIG_PATH_VARIABLE : '--config';
  return requested === '' ? null : readTomlFile(absolutePath(requested, surroundings), askedBy);
}

/** Takes candidates one after the other; each is applied only if the whole stays valid. */
class Building {
  readonly sources = new Map<string, Source>();
  readonly origins = new Map<string, string>();
  private draft: Draft;
  private badValues: readonly BadValue[] = [];
  private readonly notes: ConfigWarning[] = [];

  constructor(surroundings: Surroundings) {
    this.draft = defaults(surroundings);
    for (const { path } of SETTINGS) this.sources.set(path, 'default');
  }

  readonly apply = (candidate: Candidate): void => {
    const { row, source, place, reading } = candidate;
    const trial = reading === null ? null : withValue(this.draft, row, reading.value);
    if (reading === null || trial === null || !isConfig(trial)) {
      this.badValues = [...this.badValues, badValue(candidate)];
      return;
    }
    this.draft = trial;
    this.badValues = this.badValues.map((bad) => (bad.path === row.path ? { ...bad, refuse: false } : bad));
    this.sources.set(row.path, source);
    const line = place.line === undefined ? '' : `:${place.line}`;
    this.origins.set(row.path, place.file === undefined ? place.key : `${place.file}${line}`);
    if (reading.note !== undefined) this.notes.push({ message: `${place.key} ${reading.note}`, ...place, source });
  };

  finish(): { config: Config; warnings: ConfigWarning[] } {
    const refusals = this.badValues.filter(({ refuse }) => refuse);
    if (refusals.length > 0) throw new ConfigError(refusals.map(({ warning }) => warning));
    const warnings = this.badValues.map(({ path, warning }) => ({
      ...warning,
      message: `${warning.message}; ${this.inForce(path)}`,
    }));
    return { config: frozen(this.bounded(warnings)), warnings: [...warnings, ...this.notes] };
  }

  private inForce(path: string): string {
    const origin = this.origins.get(path);
    return origin === undefined ? 'the default stays' : `the value of ${origin} counts`;
  }

  private bounded(warnings: ConfigWarning[]): Config {
    const config = checked(this.draft);
    const bridgePollTimeoutMs = boundedPollMs(config.upstream);
    if (bridgePollTimeoutMs === config.upstream.bridgePollTimeoutMs) return config;
    const path = 'upstream.bridgePollTimeoutMs';
    const source = this.sources.get(path) ?? 'default';
    if (source !== 'default') {
      const key = this.origins.get(path) ?? path;
      warnings.push({ message: `${key} is brought into its bounds and becomes ${bridgePollTimeoutMs}`, key, source });
    }
    return { ...config, upstream: { ...config.upstream, bridgePollTimeoutMs } };
  }
}

function badValue({ row, source, place, raw, reading }: Candidate): BadValue {
  const kind = typeof reading?.value === 'number' ? 'a number outside of that' : kindOf(raw);
  const message = `${place.key} must be ${ruleText(row.schema, row.setting)}; it is ${kind}`;
  return { path: row.path, refuse: row.setting.badValue === 'refuse', warning: { message, ...place, source } };
}

function defaults(surroundings: Surroundings): Draft {
  return SETTINGS.reduce<Draft>((draft, row) => {
    const { setting } = row;
    return withValue(draft, row, 'defaultAt' in setting ? setting.defaultAt(surroundings) : setting.default);
  }, {});
}

function withValue(draft: Draft, { section, property }: SettingRow, value: unknown): Draft {
  return { ...draft, [section]: { ...draft[section], [property]: value } };
}

/** Defaults that break their own schema are a fault of this program, not of its user. */
function checked(draft: Draft): Config {
  if (!isConfig(draft)) throw new Error(`The built-in defaults are invalid at ${isConfig.errors?.[0]?.instancePath}.`);
  return draft;
}

function frozen(config: Config): Config {
  for (const section of Object.values(config)) {
    for (const value of Object.values(section)) if (Array.isArray(value)) Object.freeze(value);
    Object.freeze(section);
  }
  return Object.freeze(config);
}
