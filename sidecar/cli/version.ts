/** `tightrope version`: the same as `--version`. */
import type { Command } from './command';
import { EXIT } from './exit-codes';

export const VERSION: Command = {
  words: ['version'],
  summary: 'Print the version',
  details: [],
  arguments: { usage: '', least: 0, most: 0 },
  options: [],
  run: ({ program: { terminal, build } }) => {
    terminal.out(`tightrope ${build.version} (${build.commit})`);
    return Promise.resolve(EXIT.ok);
  },
};
