/** A scripted agent for the Codex CLI: runs commands through its shell tool, then says something (codex-observed). */
import { textAnswer, toolCallAnswer } from './answers';
import type { Behaviour } from './behaviour';
import type { FakeEvent } from './events';
import { asJsonObject, asText, visitObjects } from './json-value';
import { reply, requestedModel } from './reply';
import type { RecordedRequest } from './recorder';

/** One user prompt and what the agent does about it. */
export interface ScriptedTurn {
  /** Shell commands, one tool call each. */
  readonly commands: readonly string[];
  /** The closing message; must differ from every other turn's. */
  readonly message: string;
}

type Step =
  | { readonly kind: 'call'; readonly callId: string; readonly command: string }
  | { readonly kind: 'say'; readonly text: string };

function stepsOf(turns: readonly ScriptedTurn[]): Step[] {
  return turns.flatMap((turn, turnIndex) => [
    ...turn.commands.map((command, index): Step => ({ kind: 'call', callId: `call_${turnIndex}_${index}`, command })),
    { kind: 'say', text: turn.message } as const,
  ]);
}

/** Outputs by call id, and every assistant text, of the whole history. */
function historyOf(request: RecordedRequest): { outputs: Map<string, string>; said: Set<string> } {
  const outputs = new Map<string, string>();
  const said = new Set<string>();
  for (const entry of request.history) {
    const item = asJsonObject(entry);
    if (item['type'] === 'function_call_output') {
      outputs.set(asText(item['call_id']) ?? '', JSON.stringify(item['output']));
    }
    if (item['role'] === 'assistant') {
      visitObjects(item['content'], (part) => said.add(asText(part['text']) ?? ''));
    }
  }
  return { outputs, said };
}

/** What a command printed, as the client reported it in this request; `undefined` before it ran. */
export function outputOfCommand(request: RecordedRequest, turn: number, command: number): string | undefined {
  return historyOf(request).outputs.get(`call_${turn}_${command}`);
}

function nextStep(steps: readonly Step[], request: RecordedRequest): Step | undefined {
  const { outputs, said } = historyOf(request);
  return steps.find((step) => (step.kind === 'call' ? !outputs.has(step.callId) : !said.has(step.text)));
}

function eventsOf(step: Step | undefined, request: RecordedRequest): FakeEvent[] {
  const model = requestedModel(request);
  if (step === undefined) return textAnswer(['The script is over.'], { model });
  if (step.kind === 'say') return textAnswer([step.text], { model });
  const call = { name: 'exec_command', arguments: { cmd: step.command, yield_time_ms: 2000 }, callId: step.callId };
  return toolCallAnswer(call, { model, reasoning: true });
}

/**
 * Answers any request of the conversation. It keeps no state: the next step is the first one that the request's own
 * history does not show, so it goes on rightly whichever account is asked.
 */
export function conversation(turns: readonly ScriptedTurn[]): Behaviour {
  const steps = stepsOf(turns);
  return reply({ events: (request) => eventsOf(nextStep(steps, request), request) });
}
