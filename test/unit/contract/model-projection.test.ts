import { codexModelList, openAiModelList, wantsCodexShape } from '../../../sidecar/contract/model-projection';

const rich = {
  slug: 'gpt-5.5',
  display_name: 'GPT-5.5',
  context_window: 272000,
  input_modalities: ['text'],
  supported_in_api: false,
  priority: 4,
  truncation_policy: { mode: 'tokens', limit: 10 },
};

test('the Codex list keeps every upstream field and adds id and name', () => {
  expect(codexModelList([rich])).toEqual({ models: [{ ...rich, id: 'gpt-5.5', name: 'gpt-5.5' }] });
});

test('the OpenAI list fills metadata from upstream', () => {
  const list = openAiModelList([rich]);
  expect(list.object).toBe('list');
  expect(list.data).toHaveLength(1);
  expect(list.data[0]).toMatchObject({ id: 'gpt-5.5', object: 'model', created: 0, owned_by: 'tightrope' });
  expect(list.data[0]?.metadata).toMatchObject({
    display_name: 'GPT-5.5',
    context_window: 272000,
    input_modalities: ['text'],
    supported_in_api: false,
    priority: 4,
  });
});

test('fields that upstream left out or nulled have their placeholders', () => {
  expect(openAiModelList([{ slug: 'x', description: null }]).data[0]?.metadata).toEqual({
    display_name: 'x',
    description: '',
    context_window: 0,
    input_modalities: [],
    supported_reasoning_levels: [],
    default_reasoning_level: '',
    supports_reasoning_summaries: false,
    support_verbosity: false,
    default_verbosity: '',
    prefer_websockets: false,
    supports_parallel_tool_calls: false,
    supported_in_api: true,
    minimal_client_version: '',
    priority: 0,
  });
});

test('only a caller that names its version wants the Codex shape', () => {
  expect([undefined, null, '', '0.169.0'].map(wantsCodexShape)).toEqual([false, false, false, true]);
});
