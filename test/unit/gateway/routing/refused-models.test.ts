/** An account that lacks a model is not asked for it again for a while, and not blamed for it (spec/proxy.md 6.2). */
import { FREE } from '../../../../sidecar/gateway/routing/routing-ports';
import { NO_OUTCOME } from '../../../../sidecar/gateway/routing/pool-signals';
import { accounts, leased, selectorOver, type SelectorFixture } from './selector-fixture';

let fixture: SelectorFixture;

beforeEach(() => {
  fixture = selectorOver(accounts('a', 'b'));
});

const REFUSED = { ok: false, blame: 'model', firstEventMs: null } as const;
const lease = (model: string | null, ...excluded: string[]) =>
  fixture.selector.lease({ model, excluded: new Set(excluded), binding: FREE });
const refuse = (id: string, model: string): void => {
  leased(lease(model, ...['a', 'b'].filter((one) => one !== id))).release(REFUSED);
};
const served = (model: string | null): string[] => {
  const ids = [1, 2, 3, 4].map(() => {
    const one = leased(lease(model));
    one.release(NO_OUTCOME);
    return one.account.id;
  });
  return [...new Set(ids)].sort();
};

test('other accounts serve that model, it goes on serving others', () => {
  refuse('a', 'gpt-5.5-pro');
  expect(served('gpt-5.5-pro')).toEqual(['b']);
  expect(served('gpt-5.5')).toEqual(['a', 'b']);
  expect(served(null)).toEqual(['a', 'b']);
});

test('it is asked again after ten minutes', () => {
  refuse('a', 'gpt-5.5-pro');
  fixture.nowMs += 600_000;
  expect(served('gpt-5.5-pro')).toEqual(['a', 'b']);
});

test('when everybody lacks it, one account is asked and the turn ends with its answer', () => {
  refuse('a', 'gpt-5.5-pro');
  refuse('b', 'gpt-5.5-pro');
  const only = leased(lease('gpt-5.5-pro'));
  expect(lease('gpt-5.5-pro', only.account.id)).toMatchObject({ kind: 'refused', reason: 'all_tried' });
});

test('a good answer ends it', () => {
  refuse('a', 'gpt-5.5-pro');
  refuse('b', 'gpt-5.5-pro');
  const only = leased(lease('gpt-5.5-pro'));
  only.release({ ok: true, blame: null, firstEventMs: 100 });
  expect(served('gpt-5.5-pro')).toEqual([only.account.id]);
});

test('made-up model names do not fill the memory: the oldest refusals are forgotten', () => {
  refuse('a', 'model-0');
  for (let i = 1; i <= 64; i += 1) refuse('a', `model-${i}`);
  expect(served('model-0')).toEqual(['a', 'b']);
  expect(served('model-64')).toEqual(['b']);
});
