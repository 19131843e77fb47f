/** `/api/events/ws` and `/api/accounts/traffic/ws` as the page uses them. */
import { codexBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';
import { denialOf, WsClient } from '../harness/ws-client';

describe('live sockets', () => {
  let stage: Stage;
  const clients: WsClient[] = [];

  beforeAll(async () => {
    stage = await openStage({ accounts: 1 });
  });

  afterAll(async () => {
    for (const client of clients) client.close();
    await stage.close();
  });

  async function connect(path: string): Promise<WsClient> {
    const { sidecar } = stage;
    const client = await WsClient.open(sidecar.url(path), { authorization: `Bearer ${sidecar.adminToken}` });
    clients.push(client);
    return client;
  }

  const turn = async (): Promise<string> => {
    const answer = await stage.sidecar.post('/backend-api/codex/responses', codexBody());
    expect(answer.status).toBe(200);
    return String(answer.headers['x-request-id']);
  };

  const eventOf = (client: WsClient, type: string, fits: (data: Json) => boolean = () => true): Promise<Json> =>
    eventually(`an event ${type}`, () =>
      client.events.find((event) => event['type'] === type && fits(event['data'] as Json)),
    );

  it('says hello, then tells every turn in the words of the log, the account that changed, and the bytes', async () => {
    const client = await connect('/api/events/ws');
    const requestId = await turn();
    const event = await eventOf(client, 'request_log', (data) => data['requestId'] === requestId);
    expect(client.events[0]).toMatchObject({ seq: 0, type: 'hello', data: { version: expect.any(String) } });
    expect(Object.keys(event).sort()).toEqual(['atMs', 'data', 'seq', 'type']);
    const row = await stage.sidecar.logRow(requestId);
    const { attemptLog: _attempts, decision: _decision, ...listed } = row;
    expect(event['data']).toEqual(listed);
    const accountId = stage.pool[0]?.['accountId'];
    const changed = await eventOf(client, 'accounts_changed', (data) =>
      (data['accountIds'] as unknown[]).includes(accountId),
    );
    expect(changed['seq']).toBeGreaterThan(event['seq'] as number);
    await eventOf(client, 'account_traffic', (data) => data['accountId'] === accountId && data['downBytes'] !== 0);
    await eventOf(client, 'runtime_signal', (data) => data['code'] === 'route_account_selected');
  });

  it('tells changes of settings and of the switch with the seq under which they are kept', async () => {
    const client = await connect('/api/events/ws');
    await stage.sidecar.admin('PUT', '/api/settings', { theme: 'dark' });
    expect(await eventOf(client, 'settings_changed')).toMatchObject({ data: { names: ['theme'] } });
    await stage.sidecar.admin('PATCH', '/api/runtime/proxy', { paused: true });
    await stage.sidecar.admin('PATCH', '/api/runtime/proxy', { paused: false });
    const live = await eventOf(client, 'proxy_state');
    const kept = await stage.sidecar.admin('GET', '/api/events');
    expect(kept.json['events']).toContainEqual(live);
  });

  it('goes on after the last seq that a reader has, and says resync when that is not possible', async () => {
    const before = await connect('/api/events/ws');
    const first = await turn();
    const { seq } = await eventOf(before, 'request_log', (data) => data['requestId'] === first);
    before.close();
    const missed = await turn();
    const after = await connect(`/api/events/ws?since=${String(seq)}`);
    await eventOf(after, 'request_log', (data) => data['requestId'] === missed);
    expect(after.events.some((event) => event['type'] === 'resync')).toBe(false);
    expect(after.events.every((event) => event['seq'] === 0 || Number(event['seq']) > Number(seq))).toBe(true);

    const stranger = await connect('/api/events/ws?since=999999999999999');
    expect(await eventOf(stranger, 'resync')).toMatchObject({ data: {} });
  });

  it('sends traffic as frames of 58 bytes: a snapshot at once and on demand, updates while bytes flow', async () => {
    const accountId = String(stage.pool[0]?.['accountId']);
    await turn();
    const client = await connect('/api/accounts/traffic/ws');
    const frame = (kind: number, from = 0): Promise<Buffer> =>
      eventually(`a frame of kind ${kind}`, () => client.frames.slice(from).find((bytes) => bytes[1] === kind));
    const snapshot = await frame(1);
    expect(snapshot).toHaveLength(58);
    expect(snapshot.subarray(10, 26).toString('hex')).toBe(accountId.replaceAll('-', ''));
    const http = (await stage.sidecar.admin('GET', '/api/accounts/traffic')).json;
    expect(http['accounts']).toMatchObject([{ accountId, downBytes: Number(snapshot.readBigUInt64LE(34)) }]);

    await turn();
    const update = await eventually('an update that has grown', () =>
      client.frames.find((bytes) => bytes[1] === 2 && bytes.readBigUInt64LE(34) > snapshot.readBigUInt64LE(34)),
    );
    expect(update.readBigUInt64LE(26)).toBeGreaterThan(snapshot.readBigUInt64LE(26));
    const seen = client.frames.length;
    client.send('snapshot');
    await frame(1, seen);
  });

  it.each([
    ['another site', { origin: 'http://evil.example' }, 403, 'origin_not_allowed'],
    ['a name of somebody else', { host: 'evil.example' }, 421, 'host_not_allowed'],
    ['neither page nor token', {}, 401, 'admin_token_required'],
  ])('refuses %s with an HTTP answer on both sockets', async (_who, headers, status, code) => {
    for (const path of ['/api/events/ws', '/api/accounts/traffic/ws']) {
      const denial = await denialOf(stage.sidecar.url(path), headers);
      expect({ status: denial.status, code: (JSON.parse(denial.body) as Json)['error'] }).toMatchObject({
        status,
        code: { code },
      });
    }
  });

  it('refuses unknown sockets and a since that is no number', async () => {
    const authorization = `Bearer ${stage.sidecar.adminToken}`;
    expect(await denialOf(stage.sidecar.url('/api/nothing/ws'), { authorization })).toMatchObject({ status: 404 });
    const denial = await denialOf(stage.sidecar.url('/api/events/ws?since=x'), { authorization });
    expect(denial.status).toBe(400);
    expect(denial.body).toContain('"field":"since"');
  });

  it('ends a socket that sends more than a word, and nothing else', async () => {
    const client = await connect('/api/events/ws');
    client.send('x'.repeat(1000));
    expect(await client.closed()).toBe(1009);
    await stage.sidecar.expectUnharmed();
  });

  it('gives 49 readers every event in order while the fiftieth reads nothing', async () => {
    const readers = await Promise.all(Array.from({ length: 50 }, () => connect('/api/events/ws')));
    readers[0]?.socket.pause();
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) ids.push(await turn());
    for (const reader of readers.slice(1)) {
      await eventually('all turns', () => {
        const heard = reader.events.filter((event) => event['type'] === 'request_log');
        return heard.length === ids.length ? true : undefined;
      });
      const heard = reader.events.filter((event) => event['type'] === 'request_log');
      expect(heard.map((event) => (event['data'] as Json)['requestId'])).toEqual(ids);
    }
  });
});
