/** All options of the command line. A name means the same in every command. */

interface Option {
  readonly short?: string;
  /** Set when it takes a value: what stands for it in the help. */
  readonly value?: string;
  readonly about: string;
}

/** Long names and what they do; the four that are settings are tied to them in config/schema. */
export const OPTIONS = {
  host: { value: 'HOST', about: 'address to listen on (TIGHTROPE_HOST, default 127.0.0.1)' },
  port: { value: 'PORT', about: 'port to listen on, 0 for any free one (TIGHTROPE_PORT, default 2455)' },
  db: { value: 'FILE', about: 'database; its folder is the data directory (TIGHTROPE_DB_PATH)' },
  config: { value: 'FILE', about: 'TOML file with settings (TIGHTROPE_CONFIG_PATH)' },
  'log-level': { value: 'LEVEL', about: 'debug, info, warn or error (TIGHTROPE_LOG_LEVEL, default info)' },
  'show-config': { about: 'print every setting with its source, secrets masked, and leave' },
  'skip-existing': { about: 'leave accounts that are there already as they are' },
  device: { about: 'sign in with a code on another device' },
  follow: { about: 'go on with new rows until Ctrl-C' },
  limit: { value: 'N', about: 'rows to show (default 20)' },
  model: { value: 'MODEL', about: 'model of the request' },
  session: { value: 'ID', about: 'session that the request belongs to' },
  'dry-run': { about: 'only show what would change' },
  profile: { about: 'as a profile of its own instead of as the default' },
  'env-key': { value: 'NAME', about: 'variable that holds an API key for Codex' },
  force: { about: 'even if the file was changed since' },
  json: { about: 'print the result as JSON' },
  help: { short: 'h', about: 'print help and leave' },
  version: { short: 'v', about: 'print the version and leave' },
} as const satisfies Record<string, Option>;

/** A long option without its dashes. */
export type OptionName = keyof typeof OPTIONS;

/** What an option is. */
export function optionOf(name: OptionName): Option {
  return OPTIONS[name];
}

/** Whether there is such an option. */
export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

/** All long names. */
export const OPTION_NAMES: readonly OptionName[] = Object.keys(OPTIONS).filter(isOptionName);
