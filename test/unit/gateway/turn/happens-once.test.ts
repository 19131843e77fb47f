/** The delivery line: what has effects is not sent again once it may have reached upstream (design §3.6). */
import { NO_TIES } from '../../../../sidecar/gateway/protocol/request-ties';
import type { GenerationServices } from '../../../../sidecar/gateway/routes/generation';
import type { RouteHandler } from '../../../../sidecar/gateway/routes/router';
import { ResponseCollector } from '../../../../sidecar/gateway/relay/collector';
import { JsonAnswer } from '../../../../sidecar/gateway/turn/json-answer';
import { runTurn } from '../../../../sidecar/gateway/turn/run-turn';
import { TurnTies } from '../../../../sidecar/gateway/turn/turn-ties';
import { OnePool } from './model/one-pool';
import type { Verb } from './model/upstream-stories';

const body = Buffer.from('{"input":[]}');

const onceRoute =
  (services: GenerationServices): RouteHandler =>
  (turn) =>
    runTurn(services, {
      turn,
      answer: new JsonAnswer(turn, () => new ResponseCollector()),
      ties: new TurnTies(services.continuity, { ties: NO_TIES, body, scope: '' }),
      requestFor: (_lease, token) => ({
        method: 'POST',
        path: '/files',
        headers: ['authorization', `Bearer ${token}`],
        body,
      }),
      once: true,
    });

test.each<[Verb, number]>([
  ['server error', 1],
  ['broken before output', 1],
  ['silent', 1],
  ['usage limit', 2],
  ['unauthorized', 2],
  ['no model', 1],
])('after "%s" it has been sent %i times', async (verb, times) => {
  const one = new OnePool(3, { route: onceRoute });
  one.script(verb);
  const { status } = await one.tell({});
  expect(one.asked).toHaveLength(times);
  expect(status === 200).toBe(times > 1);
});

test('a connection that never was is no delivery', async () => {
  const one = new OnePool(3, { route: onceRoute });
  one.script('no connection');
  expect((await one.tell({})).status).toBe(200);
  expect(one.asked).toHaveLength(2);
});
