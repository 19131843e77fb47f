/** Usable accounts take turns, each with its own credentials (issue point 6; codex-wire 2.2). */
import { toResponses } from '../../fakes/upstream/recorder';
import { codexBody, openAiBody } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3 });
});
afterEach(() => stage.close());

test('six turns over three accounts are two each', async () => {
  const routed: (string | string[] | undefined)[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    const answer = await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
    routed.push(answer.headers['x-tightrope-routed-account-id']);
  }
  const counts = stage.fake.accounts.map(
    (account) => stage.fake.requests(toResponses).filter((request) => request.account === account).length,
  );
  expect(counts).toEqual([2, 2, 2]);
  expect([...new Set(routed)].sort()).toEqual(stage.pool.map((account) => account['accountId']).sort());
});

test('each call carries the credentials of its account and nothing of the client’s own', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    await stage.sidecar.post('/backend-api/codex/responses', codexBody(), {
      authorization: 'Bearer the-clients-own-token',
      'chatgpt-account-id': 'the-clients-own-account',
      'x-tightrope-routed-account-id': 'spoofed',
      cookie: 'session=1',
      originator: 'codex_exec',
      'user-agent': 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown (codex_exec; 0.169.0)',
    });
  }
  for (const request of stage.fake.requests(toResponses)) {
    expect(request.headers.authorization).toBe(`Bearer ${request.account?.login.current.accessToken ?? ''}`);
    expect(request.headers['chatgpt-account-id']).toBe(request.account?.chatgptAccountId);
    expect(request.headers['user-agent']).toBe(
      'codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown (codex_exec; 0.169.0)',
    );
    expect(request.headers['originator']).toBe('codex_exec');
    expect(Object.keys(request.headers).filter((name) => name.startsWith('x-tightrope-') || name === 'cookie')).toEqual(
      [],
    );
  }
});

test('two seats of one workspace are two accounts', async () => {
  const workspace = stage.fake.account(0).chatgptAccountId;
  const seat = stage.fake.addAccount({ chatgptAccountId: workspace, plan: 'team' });
  const [imported] = await stage.sidecar.importAccounts([seat]);
  expect(stage.pool.map((account) => account['accountId'])).not.toContain(imported?.['accountId']);
  for (let turn = 0; turn < 4; turn += 1) await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  const served = stage.fake.requests(toResponses).map((request) => request.account?.name);
  expect(new Set(served).size).toBe(4);
});
