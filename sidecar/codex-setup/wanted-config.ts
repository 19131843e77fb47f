/** What has to stand in a configuration file of Codex so that it talks to this sidecar (design §11 "Codex provider entry"). */
import type { TomlPath, TomlValue } from './toml-edit';

export interface WantedValue {
  readonly path: TomlPath;
  readonly value: TomlValue;
}

/** How Codex proves who it is: its own login, or an API key from this variable. */
export interface Credential {
  readonly envKey: string | null;
}

const PROVIDER = 'tightrope';

/**
 * @param baseUrl `http://127.0.0.1:2455/backend-api/codex`
 * @returns in the order in which new lines are written
 */
export function wantedConfig(baseUrl: string, { envKey }: Credential): WantedValue[] {
  const entry: readonly (readonly [string, TomlValue])[] = [
    // Lower case: some features of Codex depend on it.
    ['name', 'openai'],
    ['base_url', baseUrl],
    ['wire_api', 'responses'],
    ['supports_websockets', true],
    envKey === null ? ['requires_openai_auth', true] : ['env_key', envKey],
  ];
  return [
    { path: ['model_provider'], value: PROVIDER },
    ...entry.map(([key, value]): WantedValue => ({ path: ['model_providers', PROVIDER, key], value })),
  ];
}
