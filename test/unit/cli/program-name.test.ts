import { programName } from '../../../sidecar/cli/program-name';

const facts = { executable: '/usr/bin/node', cwd: '/home/u/project', packed: false };

describe('how the program is called in examples', () => {
  it.each([
    ['/home/u/project/dist/tightrope.cjs', 'node dist/tightrope.cjs'],
    ['/home/u/project/tightrope.cjs', 'node ./tightrope.cjs'],
    ['/opt/tightrope.cjs', 'node /opt/tightrope.cjs'],
    ['/usr/local/bin/tightrope', 'tightrope'],
  ])('%s is %s', (script, name) => {
    expect(programName({ ...facts, script })).toBe(name);
  });

  it('is the executable when it is packed', () => {
    const packed = { cwd: '/home/u', packed: true, script: '/snapshot/dist/tightrope.cjs' };
    expect(programName({ ...packed, executable: '/home/u/release/tightrope-linux-x64' })).toBe(
      'release/tightrope-linux-x64',
    );
    expect(programName({ ...packed, executable: '/home/u/tightrope' })).toBe('./tightrope');
  });
});
