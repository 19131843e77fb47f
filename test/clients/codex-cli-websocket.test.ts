/** The real Codex CLI completes tasks through Tightrope over WebSocket, its own transport (issue "It must show"; codex-observed). */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Behaviour } from '../fakes/upstream/behaviour';
import { conversation, outputOfCommand, type ScriptedTurn } from '../fakes/upstream/conversation';
import { usageLimit } from '../fakes/upstream/error-faults';
import { toFrames, toHandshakes, toResponses, type RecordedRequest } from '../fakes/upstream/recorder';
import { cutAfterCreated, cutBeforeCompleted, cutBeforeCreated, cutMidText } from '../fakes/upstream/stream-faults';
import type { Json } from '../integration/harness/json-call';
import { openStage, type Stage } from '../integration/harness/stage';
import { makeTempFolder, type TempFolder } from '../integration/harness/temp-folder';
import { CodexHome, type CodexRun } from './codex-home';

const TURNS: readonly ScriptedTurn[] = [
  {
    commands: ['echo tool-$((40+2)) > first.txt; cat first.txt', 'cat first.txt first.txt | sort -u | wc -l'],
    message: 'The first file is written.',
  },
  { commands: ['sed s/tool/again/ first.txt | tee second.txt'], message: 'The second file is written.' },
];

let stage: Stage;
let folder: TempFolder;
let codex: CodexHome;

beforeEach(async () => {
  folder = await makeTempFolder('tightrope-codex-ws-');
  stage = await openStage({ accounts: 2, strict: true });
  stage.fake.scripts.responses.always(conversation(TURNS));
  const login = { kind: 'env_key', key: 'any-key-on-loopback' } as const;
  codex = await CodexHome.make(folder.path, stage.sidecar.address, login, 'websocket');
});
afterEach(async () => {
  await stage.close();
  await folder.remove();
});

const isPrewarm = (frame: RecordedRequest): boolean => (frame.json as Json)['generate'] === false;
const turnFrames = (): RecordedRequest[] => stage.fake.requests(toFrames).filter((frame) => !isPrewarm(frame));
const posts = (): number => stage.fake.requests(toResponses).length - stage.fake.requests(toFrames).length;
const written = (name: string): Promise<string> => readFile(path.join(folder.path, 'work', name), 'utf8');

function expectCompleted(run: CodexRun, message: string): void {
  expect({ code: run.code, stderr: run.stderr, last: run.lastMessage }).toMatchObject({ code: 0, last: message });
}

/** Files on disk and the outputs that went back upstream prove the tool calls. */
async function firstPrompt(): Promise<void> {
  expectCompleted(await codex.exec('Write the first file.'), TURNS[0]?.message ?? '');
  expect(await written('first.txt')).toBe('tool-42\n');
}

async function secondPrompt(): Promise<void> {
  expectCompleted(await codex.resume('Now the second.'), TURNS[1]?.message ?? '');
  expect(await written('second.txt')).toBe('again-42\n');
  const last = stage.fake.requests(toResponses).at(-1);
  expect(last && outputOfCommand(last, 0, 0)).toContain('tool-42');
  expect(last && outputOfCommand(last, 1, 0)).toContain('again-42');
}

test('two prompts with tool calls: every turn is one frame, and the resumed run goes on on the socket of the first', async () => {
  await firstPrompt();
  await secondPrompt();
  expect(turnFrames()).toHaveLength(5);
  expect(turnFrames().every((frame) => frame.status === 200)).toBe(true);
  expect(posts()).toBe(0);
  expect(stage.fake.requests(toHandshakes)).toHaveLength(1);
});

/** The first account refuses everything from its `from`-th turn on, 0 = the first. */
function limitFrom(from: number): void {
  let asked = 0;
  stage.fake.account(0).responses.decide(() => {
    asked += 1;
    return asked > from ? usageLimit() : undefined;
  });
}

test('an account that reaches its limit between two prompts is not noticed', async () => {
  await firstPrompt();
  limitFrom(0);
  await secondPrompt();
  expect(turnFrames().filter((frame) => frame.status === 429)).toHaveLength(1);
});

test('an account that reaches its limit in the middle of a task costs the client a replay, not the task', async () => {
  limitFrom(1);
  await firstPrompt();
  await secondPrompt();
  expect(turnFrames().filter((frame) => frame.status === 429)).toHaveLength(1);
});

const CUTS: readonly Behaviour[] = [cutBeforeCreated(), cutAfterCreated(), cutMidText(), cutBeforeCompleted()];

/** Cuts the socket at a place and time that only the seed decides; never twice in a row, the client gives up after its retries. */
function cutAtRandom(seed: number): () => Behaviour | undefined {
  let state = seed;
  let wasCut = false;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => {
    wasCut = !wasCut && random() < 0.6;
    return wasCut ? CUTS[Math.floor(random() * CUTS.length)] : undefined;
  };
}

test.each([1, 2026])('sockets that the upstream cuts at random points (seed %i) do not cost the task', async (seed) => {
  const decide = cutAtRandom(seed);
  let cuts = 0;
  for (const account of stage.fake.accounts) {
    account.responses.decide(() => {
      const cut = decide();
      if (cut !== undefined) cuts += 1;
      return cut;
    });
  }
  await firstPrompt();
  await secondPrompt();
  expect(cuts).toBeGreaterThan(0);
});
