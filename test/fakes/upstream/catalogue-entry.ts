/** Model catalogue entries in full Codex shape (codex-wire 2.8). */

export type CatalogueEntry = Readonly<Record<string, unknown>>;

const LEVELS = ['low', 'medium', 'high', 'xhigh'].map((effort) => ({ effort, description: `${effort} effort` }));

/** A complete entry; `overrides` replace fields, `undefined` removes one. */
export function catalogueEntry(slug: string, overrides: Readonly<Record<string, unknown>> = {}): CatalogueEntry {
  const entry: Record<string, unknown> = {
    slug,
    display_name: slug,
    description: `Model ${slug}`,
    default_reasoning_level: 'medium',
    supported_reasoning_levels: LEVELS,
    shell_type: 'shell_command',
    visibility: 'list',
    supported_in_api: true,
    priority: 1,
    additional_speed_tiers: [],
    service_tiers: [],
    availability_nux: null,
    upgrade: null,
    base_instructions: 'You are a coding agent.',
    model_messages: null,
    include_skills_usage_instructions: true,
    include_plugin_usage_instructions: true,
    include_apps_usage_instructions: true,
    supports_reasoning_summaries: true,
    default_reasoning_summary: 'auto',
    support_verbosity: true,
    default_verbosity: 'low',
    apply_patch_tool_type: 'freeform',
    web_search_tool_type: 'text',
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    supports_parallel_tool_calls: true,
    supports_image_detail_original: true,
    context_window: 272_000,
    max_context_window: 272_000,
    auto_compact_token_limit: null,
    effective_context_window_percent: 95,
    experimental_supported_tools: [],
    input_modalities: ['text', 'image'],
    supports_search_tool: false,
    prefer_websockets: false,
    minimal_client_version: '0.100.0',
    available_in_plans: ['plus', 'pro', 'team', 'business', 'enterprise', 'edu'],
    use_responses_lite: false,
    ...overrides,
  };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

/** What an account offers unless a test says otherwise. */
export function floorCatalogue(): readonly CatalogueEntry[] {
  return [
    catalogueEntry('gpt-5.5', { priority: 1 }),
    catalogueEntry('gpt-5.4', { priority: 2 }),
    catalogueEntry('gpt-5.4-mini', { priority: 3 }),
  ];
}
