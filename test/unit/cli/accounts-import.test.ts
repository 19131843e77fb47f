import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { TightropeError } from '../../../sidecar/platform/errors';
import { offlinePool, type OfflinePool } from './offline-pool';
import { sampleAccount } from './sample-account';
import { standIn, type StandIn } from './stand-in-program';

const login = (name: string) => ({
  tokens: { access_token: `secret-${name}`, refresh_token: `secret-${name}-refresh` },
});

describe('tightrope accounts import', () => {
  let tool: StandIn;
  let pool: OfflinePool;
  const prepare = (answers: OfflinePool, stdin = '') => {
    pool = answers;
    tool = standIn({ openOffline: answers.open, stdin });
  };
  afterEach(() => tool.remove());
  const file = (name: string, content: unknown) => {
    const target = path.join(tool.dataDirectory, name);
    writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
    return target;
  };

  it('hands the logins of every file over and tells of each what became of it', async () => {
    const account = sampleAccount();
    const actions = ['created', 'updated', 'skipped'] as const;
    let count = 0;
    prepare(offlinePool([], () => ({ action: actions[count++] ?? 'invalid', account })));
    const [one, many] = [file('one.json', login('a')), file('many.json', [login('b'), login('c')])];
    expect(await tool.run('accounts', 'import', one, many)).toBe(0);
    expect(pool.imports).toEqual([
      { authJson: [login('a')], onDuplicate: 'update' },
      { authJson: [login('b'), login('c')], onDuplicate: 'update' },
    ]);
    expect(tool.out).toEqual([
      `created  one@example.com  ${account.accountId}  ${one}`,
      `updated  one@example.com  ${account.accountId}  ${many}[0]`,
      `skipped  one@example.com  ${account.accountId}  ${many}[1]`,
    ]);
    expect(tool.errors).toEqual(['1 created, 1 updated, 1 skipped, 0 invalid']);
    expect(pool.calls).toEqual(['close']);
  });

  it('lets a broken file not stop the rest, names the reason, and ends with 1', async () => {
    prepare(offlinePool([]));
    const broken = file('broken.json', '{"tokens": "secret-x" oops');
    const empty = file('empty.json', '\n');
    const none = file('none.json', []);
    const good = file('good.json', login('a'));
    const argv = [broken, `${tool.dataDirectory}/missing`, empty, none, tool.dataDirectory, good];
    expect(await tool.run('accounts', 'import', ...argv)).toBe(1);
    expect(tool.out).toEqual([
      `invalid  ${broken}: is not JSON`,
      `invalid  ${tool.dataDirectory}/missing: does not exist`,
      `invalid  ${empty}: is empty`,
      `invalid  ${none}: holds no logins`,
      `invalid  ${tool.dataDirectory}: is a folder; name the files in it`,
      `created  ${good}`,
    ]);
  });

  it('opens nothing when no file holds a login', async () => {
    prepare({ ...offlinePool([]), open: () => Promise.reject(new Error('must not be opened')) });
    expect(await tool.run('accounts', 'import', `${tool.dataDirectory}/missing`)).toBe(1);
    expect(tool.errors).toEqual(['0 created, 0 updated, 0 skipped, 1 invalid']);
  });

  it('reads stdin as -, with a byte-order mark or without', async () => {
    prepare(offlinePool([]), `\ufeff${JSON.stringify(login('a'))}`);
    expect(await tool.run('accounts', 'import', '-', '--skip-existing')).toBe(0);
    expect(pool.imports).toEqual([{ authJson: [login('a')], onDuplicate: 'skip' }]);
    expect(tool.out).toEqual(['created  -']);
  });

  it('refuses a file of more than 16 MiB', async () => {
    prepare(offlinePool([]), ' '.repeat(16 * 1024 * 1024 + 1));
    expect(await tool.run('accounts', 'import', '-')).toBe(1);
    expect(tool.out).toEqual(['invalid  -: has more than 16777216 bytes']);
  });

  it('prints one JSON document on demand, entries that failed included, and never a token', async () => {
    const error = { code: 'auth_json_missing_tokens', message: 'authJson.tokens is missing.' };
    prepare(offlinePool([], (given) => (given === 5 ? { action: 'invalid', error } : { action: 'created' })));
    const many = file('many.json', [login('a'), 5]);
    expect(await tool.run('accounts', 'import', '--json', many)).toBe(1);
    expect(JSON.parse(tool.out.join('\n'))).toEqual({
      results: [
        { file: many, index: 0, action: 'created' },
        { file: many, index: 1, action: 'invalid', error },
      ],
    });
    expect(tool.out.join() + tool.errors.join()).not.toContain('secret');
  });

  it('sends long lists in several requests and keeps counting', async () => {
    prepare(offlinePool([]));
    const many = file(
      'many.json',
      Array.from({ length: 250 }, (_, index) => login(String(index))),
    );
    expect(await tool.run('accounts', 'import', many)).toBe(0);
    expect(pool.imports.map(({ authJson }) => (Array.isArray(authJson) ? authJson.length : 0))).toEqual([100, 100, 50]);
    expect(tool.out.at(-1)).toBe(`created  ${many}[249]`);
  });

  it('marks the logins of a request that is refused as invalid, and gives up on any other failure', async () => {
    const refusing = (code: 'payload_too_large' | 'admin_token_required') => () =>
      Promise.reject(new TightropeError(code));
    const failing = async (code: 'payload_too_large' | 'admin_token_required') => {
      const app = await offlinePool([]).open();
      return { ...app, accounts: { ...app.accounts, import: refusing(code) } };
    };
    prepare({ ...offlinePool([]), open: () => failing('payload_too_large') }, JSON.stringify(login('a')));
    expect(await tool.run('accounts', 'import', '-')).toBe(1);
    expect(tool.out).toEqual(['invalid  -: The body is larger than this route accepts.']);

    tool.remove();
    prepare({ ...offlinePool([]), open: () => failing('admin_token_required') }, JSON.stringify(login('a')));
    expect(await tool.run('accounts', 'import', '-')).toBe(1);
    expect(tool.errors.join()).toContain('(admin_token_required)');
  });
});
