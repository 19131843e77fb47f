/** The real Codex CLI completes tasks through Tightrope over HTTP (issue "It must show"; codex-observed). */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { authJsonOf } from '../fakes/upstream/auth-json';
import type { FakeAccount } from '../fakes/upstream/account';
import { conversation, outputOfCommand, type ScriptedTurn } from '../fakes/upstream/conversation';
import { serverError, usageLimit } from '../fakes/upstream/error-faults';
import { toResponses, type RecordedRequest } from '../fakes/upstream/recorder';
import { cutMidText } from '../fakes/upstream/stream-faults';
import { openStage, type Stage } from '../integration/harness/stage';
import { makeTempFolder, type TempFolder } from '../integration/harness/temp-folder';
import { CodexHome, type CodexLogin, type CodexRun } from './codex-home';

const TURNS: readonly ScriptedTurn[] = [
  {
    commands: ['echo tool-$((40+2)) > first.txt; cat first.txt', 'cat first.txt first.txt | sort -u | wc -l'],
    message: 'The first file is written.',
  },
  { commands: ['sed s/tool/again/ first.txt | tee second.txt'], message: 'The second file is written.' },
];

let stage: Stage;
let folder: TempFolder;

beforeEach(async () => {
  folder = await makeTempFolder('tightrope-codex-');
  stage = await openStage({ accounts: 2, strict: true });
  stage.fake.scripts.responses.always(conversation(TURNS));
});
afterEach(async () => {
  await stage.close();
  await folder.remove();
});

const ENV_KEY: CodexLogin = { kind: 'env_key', key: 'any-key-on-loopback' };

/** A login of the user's own, which is in no pool. */
function ownLogin(): CodexLogin {
  return { kind: 'chatgpt', authJson: authJsonOf(stage.fake.addAccount({ email: 'the-user@example.test' })) };
}

const modelCalls = (): RecordedRequest[] => stage.fake.requests(toResponses);
const written = (name: string): Promise<string> => readFile(path.join(folder.path, 'work', name), 'utf8');

function expectCompleted(run: CodexRun, message: string): void {
  expect({ code: run.code, stderr: run.stderr, last: run.lastMessage }).toMatchObject({ code: 0, last: message });
  expect(run.events.map((event) => event['type'])).toContain('turn.completed');
}

/** First prompt, then `resume --last`: files on disk and the outputs that went back upstream prove the tool calls. */
async function wholeTask(login: CodexLogin): Promise<void> {
  const codex = await CodexHome.make(folder.path, stage.sidecar.address, login);
  expectCompleted(await codex.exec('Write the first file.'), TURNS[0]?.message ?? '');
  expect(await written('first.txt')).toBe('tool-42\n');
  expectCompleted(await codex.resume('Now the second.'), TURNS[1]?.message ?? '');
  expect(await written('second.txt')).toBe('again-42\n');
  const last = modelCalls().at(-1);
  expect(last && outputOfCommand(last, 0, 0)).toContain('tool-42');
  expect(last && outputOfCommand(last, 1, 0)).toContain('again-42');
}

test.each([
  { name: 'a key from the environment', login: () => ENV_KEY },
  { name: 'a ChatGPT login of its own', login: ownLogin },
])('two prompts with tool calls, with $name', async ({ login }) => {
  await wholeTask(login());
  const calls = modelCalls();
  expect(calls).toHaveLength(5);
  expect(calls.every((call) => call.status === 200)).toBe(true);
  // Only accounts of the pool serve, whoever the client says it is.
  const pool: readonly FakeAccount[] = stage.fake.accounts.slice(0, 2);
  expect(calls.every((call) => pool.some((account) => account === call.account))).toBe(true);
  expect(new Set(calls.map((call) => call.headers['originator']))).toEqual(new Set(['codex_exec']));
});

test('an account that reaches its limit in the middle of the task is not noticed', async () => {
  let served = 0;
  stage.fake.account(0).responses.decide(() => {
    served += 1;
    return served === 1 ? undefined : usageLimit();
  });
  await wholeTask(ENV_KEY);
  const [limited] = modelCalls().filter((call) => call.status === 429);
  expect(limited?.account?.name).toBe('account-1');
  expect(modelCalls().filter((call) => call.status === 429)).toHaveLength(1);
});

test('an upstream that stumbles before and after its first words is survived', async () => {
  const codex = await CodexHome.make(folder.path, stage.sidecar.address, ENV_KEY);
  stage.fake.scripts.responses.next(serverError(502), cutMidText());
  expectCompleted(await codex.exec('Write the first file.'), TURNS[0]?.message ?? '');
  expect(await written('first.txt')).toBe('tool-42\n');
});

test('a login that dies during the task is refreshed behind the client’s back', async () => {
  const codex = await CodexHome.make(folder.path, stage.sidecar.address, ENV_KEY);
  for (const account of stage.fake.accounts) account.login.rejectAccessTokens('token_revoked');
  expectCompleted(await codex.exec('Write the first file.'), TURNS[0]?.message ?? '');
  expect(stage.fake.accounts.map((account) => account.login.reuses)).toEqual([0, 0]);
});

test('an exhausted pool stops the turn with the limit’s message', async () => {
  const codex = await CodexHome.make(folder.path, stage.sidecar.address, ENV_KEY);
  stage.fake.scripts.responses.always(usageLimit({ resetsInSeconds: 3600 }));
  const run = await codex.exec('Write the first file.');
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(/usage limit/i);
  expect(modelCalls()).toHaveLength(2);
});

test('every turn is in the log with its session and client', async () => {
  const codex = await CodexHome.make(folder.path, stage.sidecar.address, ENV_KEY);
  await codex.exec('Write the first file.');
  const answer = await stage.sidecar.admin('GET', '/api/logs?limit=10');
  const { logs } = answer.json as { logs: readonly Record<string, unknown>[] };
  expect(logs).toHaveLength(3);
  expect(new Set(logs.map((row) => row['client']))).toEqual(new Set(['codex_exec/0.169.0']));
  expect(new Set(logs.map((row) => row['sessionId'])).size).toBe(1);
  expect(logs[0]?.['sessionId']).toEqual(expect.any(String));
});
