/** Search, memories, safety, thread goals and keys of agents: JSON calls beside generation (codex-wire 2.10). */
import { sendJson } from './answer';
import type { Behaviour, Exchange } from './behaviour';
import { asArray, asJsonObject, asText } from './json-value';
import type { Route } from './route';

const search: Behaviour = ({ request, response }) => {
  sendJson(response, 200, {
    results: [{ title: 'A page', query: asText(asJsonObject(request.json)['query']) ?? null }],
  });
};

const summarize: Behaviour = ({ request, response }) => {
  const traces = asArray(asJsonObject(request.json)['traces']);
  sendJson(response, 200, {
    output: traces.map(() => ({ trace_summary: 'Did things.', memory_summary: 'Likes tea.' })),
  });
};

/** Each account keeps its own goals: who asks another one finds none. */
function goalRoutes(): readonly Route[] {
  const goals = new Map<string, unknown>();
  const nameOf = ({ request, account }: Exchange): string =>
    `${account.name} ${asText(asJsonObject(request.json)['threadId']) ?? ''}`;
  const route = (verb: string, standard: Behaviour): Route => ({
    method: 'POST',
    path: `/backend-api/codex/thread/goal/${verb}`,
    name: 'side',
    standard,
  });
  return [
    route('set', (exchange) => {
      goals.set(nameOf(exchange), asJsonObject(exchange.request.json)['objective']);
      sendJson(exchange.response, 200, { ok: true });
    }),
    route('get', (exchange) => sendJson(exchange.response, 200, { goal: goals.get(nameOf(exchange)) ?? null })),
    route('clear', (exchange) => sendJson(exchange.response, 200, { cleared: goals.delete(nameOf(exchange)) })),
  ];
}

const post = (path: string, standard: Behaviour): Route => ({
  method: 'POST',
  path: `/backend-api/codex/${path}`,
  name: 'side',
  standard,
});

const keys: Behaviour = ({ response }) => sendJson(response, 200, { keys: [] });

export function sideRoutes(): readonly Route[] {
  return [
    post('alpha/search', search),
    post('memories/trace_summarize', summarize),
    post('safety/arc', ({ response }) => sendJson(response, 200, { verdict: 'allow' })),
    ...goalRoutes(),
    { method: 'GET', path: /^\/backend-api\/(?:codex|wham)\/agent-identities\/jwks$/, name: 'side', standard: keys },
  ];
}
