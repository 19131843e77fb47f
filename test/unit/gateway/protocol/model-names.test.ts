/** Aliases, effort suffixes and Claude names (issue 7 point 5). */
import { ModelNames } from '../../../../sidecar/gateway/protocol/model-names';

const levels = (...efforts: string[]): object => ({
  supported_reasoning_levels: efforts.map((effort) => ({ effort })),
});
const MODELS = [
  { slug: 'gpt-5.4-mini', priority: 3, visibility: 'list', ...levels('low', 'medium') },
  { slug: 'gpt-5.5', priority: 1, visibility: 'list', ...levels('low', 'medium', 'high', 'xhigh') },
  { slug: 'gpt-5.1-codex-max', priority: 5, visibility: 'list', ...levels('high') },
  { slug: 'gpt-5.1-codex', priority: 6, visibility: 'list', ...levels('high') },
  { slug: 'hidden', priority: 0, visibility: 'hide', ...levels('high') },
];

function names(
  modelAliases: Record<string, string> = {},
  anthropicModels: Record<string, string> = {},
  models = MODELS,
): ModelNames {
  return new ModelNames({ settings: () => ({ modelAliases, anthropicModels }), models: () => models });
}

it.each<[string, object]>([
  ['gpt-5.5', { model: 'gpt-5.5' }],
  ['gpt-5.5-high', { model: 'gpt-5.5', effort: 'high' }],
  ['GPT-5.5', { model: 'gpt-5.5' }],
  ['gpt-5.5-xhigh', { model: 'gpt-5.5', effort: 'xhigh' }],
  ['gpt-5.4-mini-high', { model: 'gpt-5.4-mini-high' }],
  ['gpt-5.1-codex-max', { model: 'gpt-5.1-codex-max' }],
  ['gpt-9-high', { model: 'gpt-9-high' }],
  ['fast', { model: 'gpt-5.4-mini' }],
  ['Best', { model: 'gpt-5.5', effort: 'high' }],
  ['team/anything', { model: 'gpt-5.5' }],
])('%s', (name, served) => {
  const aliases = { fast: 'gpt-5.4-mini', best: 'gpt-5.5-high', 'team/*': 'gpt-5.5' };
  expect(names(aliases).canonical(name)).toEqual(served);
});

it('a model that the name hides behind its suffix stays itself', () => {
  const models = [...MODELS.filter(({ slug }) => slug !== 'gpt-5.1-codex-max')];
  expect(names({}, {}, models).canonical('gpt-5.1-codex-max')).toEqual({ model: 'gpt-5.1-codex-max' });
});

it.each<[string, object]>([
  ['claude-opus-4-6', { model: 'gpt-5.5' }],
  ['claude-haiku-4-5-20251001', { model: 'gpt-5.4-mini' }],
  ['claude-sonnet-4-6[1m]', { model: 'gpt-5.1-codex', effort: 'high' }],
  ['gpt-5.5-low', { model: 'gpt-5.5', effort: 'low' }],
  ['gpt-5.4-mini', { model: 'gpt-5.4-mini' }],
])('for Anthropic: %s', (name, served) => {
  expect(names({}, { 'claude-*sonnet*': 'gpt-5.1-codex-high' }).forAnthropic(name)).toEqual(served);
});

it('without a catalogue every name is passed on', () => {
  expect(names({}, {}, []).forAnthropic('claude-opus-4-6')).toEqual({ model: 'claude-opus-4-6' });
});
