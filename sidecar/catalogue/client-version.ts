/** Which `client_version` the catalogue is asked for: upstream shows newer models only to newer clients (codex-wire 2.8). */

/** Used until a native client was seen. The newest client this build was tried with; raise it with each release. */
export const CLIENT_VERSION_FLOOR = '0.169.0';

/** Products whose version is the Codex engine's (codex-wire 2.2), as they begin a `User-Agent`. */
const NATIVE_USER_AGENT =
  /^(?:codex_cli_rs|codex-tui|codex_exec|codex_vscode|codex_sdk_ts|codex_chatgpt_desktop|codex_atlas|Codex Desktop)\/(\d{1,4}\.\d{1,5}\.\d{1,5})/;

/** A `client_version` as clients send it in the query. All Codex versions so far are 0.x; old scripts send `1.0.0`. */
const QUERY_VERSION = /^0\.\d{1,5}\.\d{1,5}$/;

/** Remembers the highest version of the native clients seen by this process. */
export class ClientVersions {
  #highest: string | null = null;

  /** @param configured `TIGHTROPE_CODEX_CLIENT_VERSION`; `null` = the built-in floor. */
  constructor(private readonly configured: string | null) {}

  noteUserAgent(userAgent: string | undefined): void {
    this.#note(NATIVE_USER_AGENT.exec(userAgent ?? '')?.[1]);
  }

  noteQuery(clientVersion: string | undefined): void {
    if (clientVersion !== undefined && QUERY_VERSION.test(clientVersion)) this.#note(clientVersion);
  }

  current(): string {
    return this.#highest ?? this.configured ?? CLIENT_VERSION_FLOOR;
  }

  #note(version: string | undefined): void {
    if (version !== undefined && (this.#highest === null || isNewer(version, this.#highest))) this.#highest = version;
  }
}

/** Whether `a` is a later version than `b`; both `x.y.z` in decimals. */
export function isNewer(a: string, b: string): boolean {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? 0;
    if (part !== other) return part > other;
  }
  return false;
}
