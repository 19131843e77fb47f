import type { RunningApp, StartOptions } from '../../../sidecar/app';
import { TightropeError } from '../../../sidecar/platform/errors';
import { standIn, type StandIn } from './stand-in-program';

const running = (accounts: number): RunningApp => ({
  address: 'http://127.0.0.1:2455',
  accounts,
  stopRequested: new Promise<void>(() => undefined),
  drain: () => Promise.resolve(),
  stopNow: () => Promise.resolve(),
});

describe('tightrope serve', () => {
  let tool: StandIn;
  const starts: StartOptions[] = [];
  const serving = (accounts: number, env: Readonly<Record<string, string>> = {}) =>
    (tool = standIn({
      env,
      startApp: (options) => {
        starts.push(options);
        return Promise.resolve(running(accounts));
      },
    }));
  const failing = (error: Error) => (tool = standIn({ startApp: () => Promise.reject(error) }));
  afterEach(() => {
    tool.remove();
    starts.length = 0;
  });

  async function untilListening(...argv: string[]): Promise<number> {
    const ended = tool.run(...argv);
    while (tool.errors.length === 0) await Promise.resolve();
    tool.process.emit('SIGTERM');
    return ended;
  }

  it.each([[[]], [['serve']], [['--port', '2455']]])('prints one line to stdout for %j', async (argv) => {
    serving(1);
    expect(await untilListening(...argv)).toBe(0);
    expect(tool.out).toEqual(['tightrope listening on http://127.0.0.1:2455']);
    expect(starts).toMatchObject([
      { version: '1.2.3', programDir: '/program', loaded: { config: { server: { port: 2455 } } } },
    ]);
  });

  it('says where things are, and nothing of imports when there are accounts', async () => {
    serving(2);
    await untilListening();
    expect(tool.errors[0]).toContain('base_url = "http://127.0.0.1:2455/backend-api/codex"');
    expect(tool.errors[0]).toContain('http://127.0.0.1:2455/\n');
    expect(tool.errors[0]).toContain(tool.dataDirectory);
    expect(tool.errors[0]).not.toContain('import');
  });

  it('says how to import an account when there is none, for the same data', async () => {
    serving(0);
    await untilListening('--db', `${tool.dataDirectory}/my data.db`);
    expect(tool.errors[0]).toContain(
      `tightrope accounts import --db '${tool.dataDirectory}/my data.db' ~/.codex/auth.json`,
    );
  });

  it.each([
    [{ owner: 'tightrope', version: '1.0.0', pid: 77 }, 'another Tightrope (version 1.0.0, pid 77)', 'Use that one'],
    [{ owner: 'tightrope' }, 'another Tightrope', 'Use that one'],
    [{ owner: 'other' }, 'another program', 'Stop it'],
  ])('says who has the port and what to do: %j', async (owner, who, wayOut) => {
    failing(new TightropeError('port_in_use', { details: { host: '127.0.0.1', port: 2455, ...owner } }));
    expect(await tool.run()).toBe(1);
    expect(tool.errors).toEqual([
      `tightrope: Port 2455 on 127.0.0.1 is in use by ${who}. (port_in_use)\n` +
        `${wayOut}, or start on another port: tightrope serve --port 2456 (0 = any free one)`,
    ]);
    expect(tool.out).toEqual([]);
  });

  it('shows code, message and next step of any other failure, once', async () => {
    const nextStep = 'Choose another database with --db.';
    failing(new TightropeError('data_directory_locked', { message: 'Pid 5 uses it.', details: { nextStep } }));
    expect(await tool.run()).toBe(1);
    expect(tool.errors).toEqual([`tightrope: Pid 5 uses it. (data_directory_locked)\n${nextStep}`]);

    tool.remove();
    failing(new TightropeError('db_corrupt', { message: `Damaged. ${nextStep}`, details: { nextStep } }));
    await tool.run();
    expect(tool.errors).toEqual([`tightrope: Damaged. ${nextStep} (db_corrupt)`]);
  });

  it('shows no stack unless the log level is debug', async () => {
    failing(new Error('never seen'));
    expect(await tool.run()).toBe(1);
    expect(tool.errors.join()).toMatch(/unexpected failure: never seen/);
    expect(tool.errors.join()).not.toMatch(/\n\s+at /);
    expect(await tool.run('--log-level', 'debug')).toBe(1);
    expect(tool.errors.join()).toMatch(/\n\s+at /);
  });
});
