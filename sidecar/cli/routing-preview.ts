/** `tightrope routing preview`: who would serve a request now, and why. */
import { RoutingPreview } from '../contract/routing';
import type { Call, Command } from './command';
import { EXIT } from './exit-codes';
import { alignedLines } from './terminal';
import { withRunningSidecar } from './with-running-sidecar';

export const ROUTING_PREVIEW: Command = {
  words: ['routing', 'preview'],
  summary: 'Say who would serve a request now, and why',
  details: ['Nothing is reserved by asking. Exit code 1 when nobody could serve.'],
  arguments: { usage: '', least: 0, most: 0 },
  options: ['model', 'session', 'json', 'db', 'config', 'log-level'],
  run: preview,
};

async function preview(call: Call): Promise<number> {
  const { values, switches, program } = call;
  const body = {
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.session === undefined ? {} : { sessionId: values.session }),
  };
  const answer = await withRunningSidecar(call, ({ ask }) =>
    ask('/routing/preview', RoutingPreview, { method: 'POST', body }),
  );
  if (switches.has('json')) program.terminal.out(JSON.stringify(answer, null, 2));
  else program.terminal.out(lines(answer).join('\n'));
  return answer.accountId === null ? EXIT.failure : EXIT.ok;
}

function lines({ accountId, returnsAtMs, decision }: RoutingPreview): string[] {
  const back = returnsAtMs === null ? '' : `, back at ${new Date(returnsAtMs).toISOString()}`;
  const head = accountId === null ? `nobody: ${decision.refusal ?? 'no account'}${back}` : `serves: ${accountId}`;
  const rows = decision.candidates.map((candidate) => [
    `  ${candidate.accountId}`,
    candidate.verdict,
    candidate.reason,
  ]);
  return [head, `strategy: ${decision.strategy}`, ...alignedLines(rows)];
}
