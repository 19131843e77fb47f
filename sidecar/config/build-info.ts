/** Which build this is. The bundler replaces the two names by texts; in unit tests they do not exist. */

declare const __TIGHTROPE_VERSION__: string | undefined;
declare const __TIGHTROPE_COMMIT__: string | undefined;

/** Version of package.json and short commit id (`unknown` outside a git checkout). */
export interface BuildInfo {
  readonly version: string;
  readonly commit: string;
}

export const BUILD_INFO: BuildInfo = {
  version: typeof __TIGHTROPE_VERSION__ === 'string' ? __TIGHTROPE_VERSION__ : '0.0.0-source',
  commit: typeof __TIGHTROPE_COMMIT__ === 'string' ? __TIGHTROPE_COMMIT__ : 'unknown',
};
