/** What a client's model name means in this pool: aliases of the settings, effort suffixes, and Claude names. Pure. */
import type { Settings } from '../../contract/settings';
import { modelSlug, type ModelEntry } from '../../contract/model-projection';
import { isRecord, listOf } from './json-record';

/** A model of the catalogue, as far as is known, and the effort its name asked for. */
export interface ServedModel {
  readonly model: string;
  readonly effort?: string | undefined;
}

export interface ModelNamesParts {
  readonly settings: () => Pick<Settings, 'modelAliases' | 'anthropicModels'>;
  /** The catalogue as it is now. */
  readonly models: () => readonly ModelEntry[];
}

/** Longest first, so that `xhigh` is not read as `high` (codex-wire 2.8). */
const EFFORT_SUFFIX = /^(.+)-(minimal|medium|xhigh|ultra|none|high|low|max)$/;
/** Claude Code marks the long context so: `claude-sonnet-4-6[1m]`. */
const CONTEXT_MARK = /\[[^\]]*\]$/;

export class ModelNames {
  readonly #parts: ModelNamesParts;

  constructor(parts: ModelNamesParts) {
    this.#parts = parts;
  }

  /** The name that keys, prices and upstream know. A name nobody knows is upstream's to judge. */
  canonical(name: string): ServedModel {
    const alias = lookUp(this.#parts.settings().modelAliases, name);
    return this.#withSuffix(alias ?? name);
  }

  /** For Anthropic's API: its own map first, then as `canonical`; a Claude name is served by the best model, haiku by a small one. */
  forAnthropic(name: string): ServedModel {
    const bare = name.replace(CONTEXT_MARK, '');
    const mapped = lookUp(this.#parts.settings().anthropicModels, bare);
    if (mapped !== undefined) return this.canonical(mapped);
    const served = this.canonical(bare);
    if (served.model !== bare || this.#entry(bare) !== undefined) return served;
    return { model: this.#standIn(bare) ?? bare };
  }

  /** The catalogue entry of a name, aliases and suffixes included. */
  entryOf(name: string): ModelEntry | undefined {
    return this.#entry(this.canonical(name).model);
  }

  #withSuffix(name: string): ServedModel {
    const known = this.#entry(name);
    if (known !== undefined) return { model: modelSlug(known) };
    const [, base, effort] = EFFORT_SUFFIX.exec(name) ?? [];
    const entry = base === undefined ? undefined : this.#entry(base);
    // `gpt-5.1-codex-max` is a model of its own where `gpt-5.1-codex` knows no such effort.
    return entry !== undefined && effort !== undefined && offers(entry, effort)
      ? { model: modelSlug(entry), effort }
      : { model: name };
  }

  #entry(name: string): ModelEntry | undefined {
    const wanted = name.trim().toLowerCase();
    return this.#parts.models().find((entry) => modelSlug(entry).toLowerCase() === wanted);
  }

  #standIn(name: string): string | undefined {
    const shown = this.#parts.models().filter((entry) => entry['visibility'] !== 'hide');
    const slugs = [...shown].sort((a, b) => priority(a) - priority(b)).map(modelSlug);
    const small = /haiku/i.test(name) ? slugs.find((slug) => /mini|nano|luna/.test(slug)) : undefined;
    return small ?? slugs[0];
  }
}

/** Upstream's order of its own list: the smallest is the first. */
function priority(entry: ModelEntry): number {
  return typeof entry['priority'] === 'number' ? entry['priority'] : Number.MAX_SAFE_INTEGER;
}

function offers(entry: ModelEntry, effort: string): boolean {
  return listOf(entry['supported_reasoning_levels']).some((level) => isRecord(level) && level['effort'] === effort);
}

/** Exact names first, then patterns with `*` in the order of the map; letter case does not matter. */
function lookUp(map: Readonly<Record<string, string>>, name: string): string | undefined {
  const wanted = name.trim().toLowerCase();
  const entries = Object.entries(map).map(([pattern, model]) => [pattern.trim().toLowerCase(), model] as const);
  const exact = entries.find(([pattern]) => pattern === wanted);
  return (exact ?? entries.find(([pattern]) => pattern.includes('*') && fits(pattern, wanted)))?.[1];
}

/** `*` stands for any text, and nothing else is special. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const [index, piece] of rest.entries()) {
    const found = index === rest.length - 1 ? name.length - piece.length : name.indexOf(piece, at);
    if (found < at || !name.startsWith(piece, found)) return false;
    at = found + piece.length;
  }
  return true;
}
