import { OPTION_NAMES } from '../../../sidecar/cli/options';
import { SETTINGS } from '../../../sidecar/config/config';
import { standIn, type StandIn } from './stand-in-program';

describe('help and version', () => {
  let tool: StandIn;
  beforeEach(() => (tool = standIn()));
  afterEach(() => tool.remove());

  async function printed(...argv: string[]): Promise<string> {
    expect(await tool.run(...argv)).toBe(0);
    expect(tool.errors).toEqual([]);
    return tool.out.splice(0).join('\n');
  }

  it('prints the version with the commit', async () => {
    expect(await printed('--version')).toBe('tightrope 1.2.3 (abcdef)');
    expect(await printed('-v')).toBe('tightrope 1.2.3 (abcdef)');
  });

  it('gives an overview of commands, options of serve and exit codes', async () => {
    const text = await printed('--help');
    expect(await printed('-h')).toBe(text);
    expect(await printed('help')).toBe(text);
    for (const command of ['serve', 'status', 'accounts import FILE…', 'accounts list', 'accounts pause ID|EMAIL']) {
      expect(text).toContain(`\n  ${command} `);
    }
    for (const option of ['--host', '--port', '--db', '--config', '--log-level', '--show-config', '--version']) {
      expect(text).toMatch(new RegExp(`${option}\\b.* \\w`));
    }
    for (const code of ['0', '1', '2', '78', '128\\+N']) expect(text).toMatch(new RegExp(`\n  ${code} +\\w`));
  });

  it('explains one command, however it is asked for', async () => {
    const text = await printed('accounts', 'import', '--help');
    expect(text).toMatch(/^Usage: tightrope accounts import FILE… \[options\]/);
    expect(text).toContain('--skip-existing');
    expect(text).not.toContain('--port');
    expect(text).toContain('Exit codes:');
    expect(await printed('help', 'accounts', 'import')).toBe(text);
    expect(await printed('accounts', 'import', 'x.json', '-h')).toBe(text);
  });

  it('explains a group of commands', async () => {
    const text = await printed('accounts', '--help');
    expect(text).toContain('accounts reactivate ID|EMAIL');
    expect(text).not.toContain('status');
  });

  it('offers an option for every setting that has one', () => {
    const flags = SETTINGS.flatMap(({ setting }) => setting.flag ?? []);
    expect(OPTION_NAMES).toEqual(expect.arrayContaining(flags));
  });
});
