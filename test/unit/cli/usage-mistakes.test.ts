import { standIn, type StandIn } from './stand-in-program';

describe('a mistake in the command line', () => {
  let tool: StandIn;
  beforeEach(() => (tool = standIn()));
  afterEach(() => tool.remove());

  it.each([
    [['--prot', '1'], 'Unknown option --prot. Did you mean --port?', ''],
    [['--zzzzzz'], 'Unknown option --zzzzzz.', ''],
    [['-x'], 'Unknown option -x.', ''],
    [['serv'], 'Unknown command serv. Did you mean serve?', ''],
    [['frobnicate'], 'Unknown command frobnicate.', ''],
    [['accounts'], 'accounts needs a command: import, list, pause, reactivate, remove.', 'accounts '],
    [['accounts', 'lits'], 'Unknown command accounts lits. Did you mean accounts list?', 'accounts '],
    [['accounts', 'import'], 'accounts import needs FILE….', 'accounts import '],
    [['accounts', 'pause', 'a', 'b'], 'accounts pause does not take b as an argument.', 'accounts pause '],
    [['serve', 'now'], 'serve does not take now as an argument.', 'serve '],
    [['status', '--port', '1'], '--port is no option of status.', 'status '],
    [['accounts', 'list', '--skip-existing'], '--skip-existing is no option of accounts list.', 'accounts list '],
    [['--port'], '--port needs a value: --port PORT.', ''],
    [
      ['--db', '--port', '1'],
      '--db needs a value, and --port looks like an option. Write --db=--port if it is none.',
      '',
    ],
    [['status', '--json=yes'], '--json takes no value.', ''],
  ])('%j ends with exit code 2 and a way on', async (argv, message, topic) => {
    expect(await tool.run(...argv)).toBe(2);
    expect(tool.errors).toEqual([`tightrope: ${message}\nTry tightrope ${topic}--help`]);
    expect(tool.out).toEqual([]);
  });
});
