import { checkEntries, uniteModels } from '../../../sidecar/catalogue/model-list';
import { model } from './model-upstream';

const without = (field: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(model('x')).filter(([name]) => name !== field));

test.each([
  ['no object', 'gpt-5.5'],
  ['null', null],
  ['no truncation_policy', without('truncation_policy')],
  ['another truncation mode', model('x', { truncation_policy: { mode: 'words', limit: 1 } })],
  ['no list of tools', without('experimental_supported_tools')],
  ['no slug', without('slug')],
  ['an empty slug', model('')],
  ['a float where the client wants an integer', model('x', { effective_context_window_percent: 0.95 })],
  ['a text as priority', model('x', { priority: '1' })],
  ['no instructions', without('base_instructions')],
  ['null instructions', model('x', { base_instructions: null })],
])('an entry with %s is dropped, the others stay', (_what, entry) => {
  const { models, dropped } = checkEntries([model('first'), entry, model('last')]);
  expect(models.map((kept) => kept['slug'])).toEqual(['first', 'last']);
  expect(dropped).toHaveLength(1);
  expect(dropped[0]?.reason).not.toBe('');
});

test('entries keep every field, known to us or not', () => {
  const entry = model('x', { brand_new_field: { a: [1] }, upgrade: null });
  expect(checkEntries([entry]).models).toEqual([entry]);
});

test('newer entries carry a template instead of base_instructions', () => {
  const entry = { ...without('base_instructions'), model_messages: { instructions_template: 'Be useful.' } };
  expect(checkEntries([entry]).dropped).toEqual([]);
});

test('the reason names field and rule and holds no value', () => {
  const { dropped } = checkEntries([model('x', { priority: 'secret-value' })]);
  expect(dropped).toEqual([{ slug: 'x', reason: '`priority` must be an integer; it is a string of 12 characters.' }]);
});

test('lists unite by slug, first entry wins, order of first sight', () => {
  const united = uniteModels([
    [model('a', { priority: 1 }), model('b')],
    [model(' A ', { priority: 9 }), model('c')],
  ]);
  expect(united.models.map((entry) => [entry['slug'], entry['priority']])).toEqual([
    ['a', 1],
    ['b', 1],
    ['c', 1],
  ]);
});

test('the validator is strong, and that of exactly this list', () => {
  const list = [model('a'), model('b')];
  const { etag } = uniteModels([list]);
  expect(etag).toMatch(/^"[A-Za-z0-9_-]{43}"$/);
  expect(uniteModels([[model('a')], [model('b')]]).etag).toBe(etag);
  expect(uniteModels([[model('b'), model('a')]]).etag).not.toBe(etag);
  expect(uniteModels([[model('a'), model('b', { priority: 2 })]]).etag).not.toBe(etag);
});
