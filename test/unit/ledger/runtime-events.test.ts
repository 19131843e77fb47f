import type { RuntimeEvent } from '../../../sidecar/contract/runtime';
import { EventService } from '../../../sidecar/ledger/runtime-events-service';
import { NODE_ID, NOW, openLedger, type LedgerFixture } from './ledger-fixture';

describe('runtime events', () => {
  let fixture: LedgerFixture;
  let announced: RuntimeEvent[];
  let events: EventService;

  const open = (announce: (event: RuntimeEvent) => void = (event) => announced.push(event)): Promise<EventService> =>
    EventService.open({ ...fixture, nodeId: NODE_ID, announce });

  beforeEach(async () => {
    fixture = await openLedger();
    announced = [];
    events = await open();
  });
  afterEach(() => fixture.close());

  const publish = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      events.publish({ type: `event_${index}`, level: 'info', message: `number ${index}` });
    }
  };

  it('announces at once what it stores, with the same seq', async () => {
    events.publish({
      type: 'account_paused',
      level: 'warn',
      message: 'Paused by a person.',
      accountId: 'account-a',
      facts: { by: 'admin', tries: [1, 2] },
    });
    const expected = {
      seq: 1,
      type: 'account_paused',
      atMs: NOW,
      data: {
        level: 'warn',
        message: 'Paused by a person.',
        accountId: 'account-a',
        facts: { by: 'admin', tries: [1, 2] },
      },
    };
    expect(announced).toEqual([expected]);
    expect(await events.page({ sinceSeq: null, limit: 10 })).toEqual({ events: [expected], nextSeq: 1 });
  });

  it('lets a reader resume: every event once, in order', async () => {
    publish(23);
    const seen: number[] = [];
    let since = 0;
    for (;;) {
      const page = await events.page({ sinceSeq: since, limit: 5 });
      if (page.events.length === 0) {
        expect(page.nextSeq).toBe(since);
        break;
      }
      seen.push(...page.events.map(({ seq }) => seq));
      since = page.nextSeq;
    }
    expect(seen).toEqual(announced.map(({ seq }) => seq));
  });

  it('answers the newest events, oldest of them first, to a reader that has none', async () => {
    publish(7);
    const page = await events.page({ sinceSeq: null, limit: 3 });
    expect(page.events.map(({ type }) => type)).toEqual(['event_4', 'event_5', 'event_6']);
  });

  it('answers an empty database', async () => {
    expect(await events.page({ sinceSeq: null, limit: 3 })).toEqual({ events: [], nextSeq: 0 });
    expect(await events.page({ sinceSeq: 5, limit: 3 })).toEqual({ events: [], nextSeq: 5 });
  });

  it('gives the events of the next process seqs that no event of a killed one can have had', async () => {
    publish(3);
    await fixture.database.write.flush();
    const append = jest.spyOn(fixture.database.write, 'append').mockImplementation(() => undefined);
    publish(100);
    append.mockRestore();
    const seenLive = announced.at(-1)?.seq ?? 0;

    events = await open();
    publish(1);

    const resumed = await events.page({ sinceSeq: seenLive, limit: 10 });
    expect(resumed.events).toHaveLength(1);
  });

  it('announces and stores no secret', async () => {
    events.publish({
      type: 'token_refresh_failed',
      level: 'error',
      message: 'Refused: Bearer abcdef.ghijkl-0123456789',
      facts: { refreshToken: 'rt_0123456789', nested: { access_token: 'at_0123456789' } },
    });
    const told = JSON.stringify([announced, await events.page({ sinceSeq: null, limit: 10 })]);
    expect(told).toContain('Refused');
    expect(told).not.toMatch(/ghijkl|rt_0123|at_0123/);
  });

  it('survives facts that are no JSON and listeners that throw, and goes on', async () => {
    events = await open((event) => {
      if (event.type === 'listener') throw new Error('listener');
    });
    const endless: Record<string, unknown> = {};
    endless['self'] = endless;
    expect(() => {
      events.publish({ type: 'endless', level: 'info', message: '', facts: endless });
      events.publish({ type: 'listener', level: 'info', message: '' });
      events.publish({ type: 'after', level: 'error', message: '' });
    }).not.toThrow();
    const page = await events.page({ sinceSeq: null, limit: 10 });
    expect(page.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['listener', 'after']));
  });
});
