/** What a turn does that belongs to an account while that account stumbles or is out (design §3, spec/proxy.md 8.3). */
import { OnePool, type Told } from './model/one-pool';

const user = (text: string): object => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const sealed = (by: string): object => ({ type: 'reasoning', summary: [], encrypted_content: by });
const errorOf = ({ status, body }: Told): object => {
  const { error } = JSON.parse(body) as { error: { code: string } };
  return { status, code: error.code };
};

/** A conversation with an account, and the whole of it for the next request. */
async function started(one: OnePool): Promise<{ owner: string; next: object }> {
  await one.tell({ input: [user('one')], prompt_cache_key: 's' });
  const owner = one.asked[0] ?? '';
  return { owner, next: { input: [user('one'), sealed(`sealed-${owner}-1`), user('two')], prompt_cache_key: 's' } };
}

test('a stumble of the upstream is no reason to leave the account that holds the conversation', async () => {
  const one = new OnePool(3);
  const { owner, next } = await started(one);
  one.script('server error');
  expect((await one.tell(next)).status).toBe(200);
  expect(one.asked).toEqual([owner, owner, owner]);
});

test('three stumbles are: the turn moves, without what only its account can read', async () => {
  const one = new OnePool(3);
  const { owner, next } = await started(one);
  one.script('server error', 'server error', 'server error');
  expect((await one.tell(next)).status).toBe(200);
  expect(one.asked.slice(0, 4)).toEqual([owner, owner, owner, owner]);
  expect(one.asked[4]).not.toBe(owner);
  expect(one.upstream.sent[4]?.body).not.toContain('sealed');
  const decision = JSON.parse(JSON.stringify(one.plane.rows.at(-1)?.decision)) as object;
  expect(decision).toMatchObject({ boundTo: owner, released: true, lostTokens: 4 });
});

test('with strict continuations it fails instead, and nobody else is asked', async () => {
  const one = new OnePool(3, { rules: { strictContinuations: true } });
  const { owner, next } = await started(one);
  one.pool.remove(owner);
  expect(errorOf(await one.tell(next))).toEqual({ status: 503, code: 'continuation_account_unavailable' });
  expect(one.asked).toEqual([owner]);
});

test('ciphertext that upstream cannot read is left out when nobody knows whose it is', async () => {
  const one = new OnePool(2);
  one.script('unreadable ciphertext');
  const input = [user('one'), sealed('of-another-machine'), user('two')];
  expect((await one.tell({ input })).status).toBe(200);
  const [first, second] = one.upstream.sent;
  expect(first?.body).toContain('of-another-machine');
  expect(second?.body).not.toContain('of-another-machine');
});

test('unreadable ciphertext that nothing can replace is told to the client once', async () => {
  const one = new OnePool(2);
  one.script('unreadable ciphertext');
  const input = [{ type: 'compaction', encrypted_content: 'of-another-machine' }, user('two')];
  expect(errorOf(await one.tell({ input }))).toEqual({ status: 400, code: 'invalid_encrypted_content' });
  expect(one.asked).toHaveLength(1);
});

test('a request that is torn between two accounts goes to neither', async () => {
  const one = new OnePool(2);
  await started(one);
  const { owners } = one.plane.continuity;
  owners.learn('', 'response', 'resp-account0-9', 'account0');
  owners.learn('', 'file', 'file-account1-1', 'account1');
  owners.learn('', 'file', 'file-account0-2', 'account0');
  const files = (...ids: string[]): object[] => [
    { type: 'message', role: 'user', content: ids.map((id) => ({ type: 'input_file', file_id: id })) },
  ];
  const anchored = { previous_response_id: 'resp-account0-9', input: files('file-account1-1') };
  expect(errorOf(await one.tell(anchored))).toEqual({ status: 400, code: 'previous_response_not_found' });
  const both = { input: files('file-account1-1', 'file-account0-2') };
  expect(errorOf(await one.tell(both))).toEqual({ status: 503, code: 'continuation_account_unavailable' });
  expect(one.asked).toHaveLength(1);
});
