/** Asking who would serve takes nothing and changes nothing. */
import { RoutingPreview } from '../../../../sidecar/contract/routing';
import { compile } from '../../../../sidecar/contract/validate';
import { FREE } from '../../../../sidecar/gateway/routing/routing-ports';
import { previewRouting } from '../../../../sidecar/gateway/routing/routing-preview';
import { accounts, leased, NOW, selectorOver } from './selector-fixture';

const check = compile(RoutingPreview, 'preview');

test.each(['round_robin', 'weighted_round_robin', 'drain_hop'] as const)(
  '%s: the account that the next request gets, as often as one asks',
  (strategy) => {
    const { selector, setRules } = selectorOver(accounts('a', 'b', 'c'));
    setRules({ strategy });
    const preview = previewRouting(selector, () => FREE);
    for (let turn = 0; turn < 5; turn += 1) {
      const expected = check(preview({ model: 'gpt-5.5' }));
      expect(check(preview({ model: 'gpt-5.5' })).accountId).toBe(expected.accountId);
      const lease = leased(selector.lease({ model: 'gpt-5.5', excluded: new Set(), binding: FREE }));
      expect(lease.account.id).toBe(expected.accountId);
    }
  },
);

test('it takes no lease', () => {
  const { selector } = selectorOver(accounts('a'));
  previewRouting(selector, () => FREE)({});
  expect(selector.inflight('a')).toBe(0);
});

test('what would bind the request is asked of whoever knows', () => {
  const { selector } = selectorOver(accounts('a', 'b'));
  const preview = previewRouting(selector, ({ sessionId }) =>
    sessionId === 's' ? { grade: 'should', accountId: 'b', boundBy: 'session' } : FREE,
  );
  expect(preview({ sessionId: 's', estimatedInputTokens: 1200 })).toMatchObject({
    accountId: 'b',
    decision: { boundBy: 'session', estimatedInputTokens: 1200 },
  });
  expect(preview({})).toMatchObject({ accountId: 'a', returnsAtMs: null, decision: { estimatedInputTokens: null } });
});

test('when nobody can serve it says why and until when', () => {
  const fixture = selectorOver([]);
  fixture.setPool([], [{ id: 'a', status: 'rate_limited', untilMs: NOW + 1000 }]);
  expect(check(previewRouting(fixture.selector, () => FREE)({}))).toMatchObject({
    accountId: null,
    returnsAtMs: NOW + 1000,
    decision: { refusal: 'none_usable', candidates: [{ accountId: 'a', code: 'rate_limited' }] },
  });
});
