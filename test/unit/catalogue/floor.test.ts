import { floorModels } from '../../../sidecar/catalogue/floor';
import { checkEntries } from '../../../sidecar/catalogue/model-list';

const FIELDS =
  'slug display_name description default_reasoning_level supported_reasoning_levels shell_type visibility supported_in_api priority additional_speed_tiers service_tiers upgrade base_instructions supports_reasoning_summaries supports_reasoning_summary_parameter default_reasoning_summary support_verbosity default_verbosity apply_patch_tool_type web_search_tool_type truncation_policy supports_parallel_tool_calls supports_image_detail_original context_window max_context_window effective_context_window_percent experimental_supported_tools input_modalities supports_search_tool prefer_websockets minimal_client_version available_in_plans use_responses_lite';

test('every entry of the floor passes the check that upstream entries have to pass', () => {
  const { models } = floorModels();
  expect(checkEntries(models)).toEqual({ models, dropped: [] });
});

test('it holds the models of the season in the full Codex shape', () => {
  const { models } = floorModels();
  expect(models.map((entry) => entry['slug'])).toEqual(
    expect.arrayContaining(['gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini', 'gpt-5.3-codex', 'gpt-5.2']),
  );
  for (const entry of models) {
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(FIELDS.split(' ')));
    expect(entry['base_instructions']).toMatch(/^You are a coding agent/);
  }
});

test('priorities are distinct, so that pickers have one order', () => {
  const priorities = floorModels().models.map((entry) => entry['priority']);
  expect(new Set(priorities).size).toBe(priorities.length);
});
