/** What one setting is: where its value may come from, how it is read, and what it is when nobody sets it. */
import type { Static, TObject } from '@sinclair/typebox';
import type { ParseStyle } from './parse-style';
import type { Surroundings } from './paths';

/** Where the value in force came from: the layers, lowest first; a later one wins (spec/data-security.md 1.3). */
export type Source = 'default' | 'file' | 'environment' | 'command line';

interface SettingFacts {
  /** Names of the variable; the first one that is set and not empty counts. */
  readonly env: readonly [string, ...string[]];
  /**
   * Dotted TOML keys, weakest first, when they are not the usual two: the variable's name without `TIGHTROPE_` in lower
   * case at the top level, then the Config path in snake_case (`[token_refresh] check_interval_ms`).
   */
  readonly toml?: readonly string[];
  /** Long option of the command line without its dashes. */
  readonly flag?: string;
  readonly style: ParseStyle;
  /** `whole`: never shown. `credentials`: a URL whose user name and password are never shown. */
  readonly secret?: 'whole' | 'credentials';
  /** `refuse`: a bad value stops the start. Otherwise it is a warning and the layer below stays. */
  readonly badValue?: 'refuse';
  /** One phrase for the reference table, with the unit. */
  readonly about: string;
}

/** One setting whose value in the Config has type `T`. `defaultAt` depends on the machine. */
export type Setting<T> = SettingFacts &
  ({ readonly default: T } | { readonly defaultAt: (surroundings: Surroundings) => T });

/** Exactly one setting for every property of a section's schema. */
export type SectionSettings<S extends TObject> = { readonly [K in keyof Static<S>]: Setting<Static<S>[K]> };

/** A part of the Config: the schema says what is valid, the settings say where it comes from. */
export interface Section<S extends TObject> {
  readonly schema: S;
  readonly settings: SectionSettings<S>;
}

/** Binds a schema to its settings; the compiler sees to it that they fit. */
export function section<S extends TObject>(schema: S, settings: SectionSettings<S>): Section<S> {
  return { schema, settings };
}
