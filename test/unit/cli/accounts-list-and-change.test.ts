import { offlinePool, type OfflinePool } from './offline-pool';
import { sampleAccount } from './sample-account';
import { standIn, type StandIn } from './stand-in-program';

const ID = (last: number) => `0197a1b2-0000-7000-8000-00000000000${last}`;

const ACCOUNTS = [
  sampleAccount(),
  sampleAccount({ accountId: ID(2), email: 'twice@example.com', planType: null }),
  sampleAccount({
    accountId: ID(3),
    email: 'Twice@example.com',
    status: 'paused',
    reason: 'Paused by hand.',
    nextStep: 'Reactivate it.',
  }),
];

describe('accounts on the command line', () => {
  let tool: StandIn;
  let pool: OfflinePool;
  const prepare = (accounts = ACCOUNTS) => {
    pool = offlinePool(accounts);
    tool = standIn({ openOffline: pool.open });
  };
  beforeEach(() => prepare());
  afterEach(() => tool.remove());

  it('are listed as a table', async () => {
    expect(await tool.run('accounts', 'list')).toBe(0);
    expect(tool.out.join('\n').split('\n')).toEqual([
      'STATUS  EMAIL              PLAN  ID                                    NOTE',
      `active  one@example.com    plus  ${ID(1)}`,
      `active  twice@example.com  -     ${ID(2)}`,
      `paused  Twice@example.com  plus  ${ID(3)}  Paused by hand. Reactivate it.`,
    ]);
    expect(pool.calls).toEqual(['close']);
  });

  it('are listed as JSON', async () => {
    expect(await tool.run('accounts', 'list', '--json')).toBe(0);
    expect(JSON.parse(tool.out.join('\n'))).toEqual({ accounts: ACCOUNTS });
  });

  it('are no error when there are none', async () => {
    tool.remove();
    prepare([]);
    expect(await tool.run('accounts', 'list')).toBe(0);
    expect(tool.out).toEqual([]);
    expect(tool.errors).toEqual(['There are no accounts yet.']);
  });

  it.each([
    ['pause', 'paused'],
    ['reactivate', 'reactivated'],
    ['remove', 'removed'],
  ])('can be changed by id or by e-mail: %s', async (verb, done) => {
    expect(await tool.run('accounts', verb, ID(3))).toBe(0);
    expect(await tool.run('accounts', verb, 'ONE@example.com')).toBe(0);
    expect(pool.calls).toEqual([`${verb} ${ID(3)}`, 'close', `${verb} ${ID(1)}`, 'close']);
    expect(tool.out).toEqual([`${done}  Twice@example.com  ${ID(3)}`, `${done}  one@example.com  ${ID(1)}`]);
  });

  it('must be named by id when they share an e-mail', async () => {
    expect(await tool.run('accounts', 'remove', 'twice@example.com')).toBe(1);
    expect(tool.errors).toEqual([
      `tightrope: 2 accounts have the e-mail twice@example.com. Name one by its id: ${ID(2)}, ${ID(3)} (plus). (account_not_found)`,
    ]);
    expect(pool.calls).toEqual(['close']);
  });

  it('are suggested when the name is misspelt', async () => {
    expect(await tool.run('accounts', 'pause', 'one@exmple.com')).toBe(1);
    expect(tool.errors.join()).toContain('Did you mean one@example.com?');
  });
});
