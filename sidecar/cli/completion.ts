/** `tightrope completion bash|zsh|fish`: a script for the shell, made from the tables of commands and options. */
import { TightropeError } from '../platform/errors';
import type { Call, Command } from './command';
import { EXIT } from './exit-codes';

type Shell = (commands: readonly Command[]) => string;

const SHELLS: Readonly<Record<string, Shell>> = { bash, zsh, fish };

/** @param all every command, this one included */
export function completionCommand(all: () => readonly Command[]): Command {
  return {
    words: ['completion'],
    summary: 'Print a completion script for a shell',
    details: ['For example: tightrope completion bash > ~/.local/share/bash-completion/completions/tightrope'],
    arguments: { usage: 'bash|zsh|fish', least: 1, most: 1 },
    options: [],
    run: (call: Call) => {
      const name = call.positionals[0] ?? '';
      const script = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
      if (script === undefined) {
        throw new TightropeError('invalid_request', {
          message: `There is no completion for ${name}. Known: bash, zsh, fish.`,
        });
      }
      call.program.terminal.out(script(all()));
      return Promise.resolve(EXIT.ok);
    },
  };
}

/** What may come next, by the words so far: `''` → first words, `accounts` → its verbs, a whole command → its options. */
function continuations(commands: readonly Command[]): Map<string, string[]> {
  const next = new Map<string, Set<string>>();
  const add = (after: string, word: string): void => void next.set(after, (next.get(after) ?? new Set()).add(word));
  for (const { words, options } of commands) {
    words.forEach((word, index) => add(words.slice(0, index).join(' '), word));
    for (const option of [...options, 'help']) add(words.join(' '), `--${option}`);
  }
  return new Map([...next].map(([after, words]) => [after, [...words]]));
}

function bash(commands: readonly Command[]): string {
  const cases = [...continuations(commands)].map(
    ([after, words]) => `    ${JSON.stringify(after)}) words=${JSON.stringify(words.join(' '))} ;;`,
  );
  return [
    '_tightrope() {',
    '  local before="${COMP_WORDS[*]:1:COMP_CWORD-1}" words=""',
    '  case "$before" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _tightrope tightrope',
  ].join('\n');
}

function zsh(commands: readonly Command[]): string {
  const cases = [...continuations(commands)].map(
    ([after, words]) => `    ${JSON.stringify(after)}) compadd -- ${words.join(' ')} ;;`,
  );
  return [
    '#compdef tightrope',
    '_tightrope() {',
    '  local before="${words[2,CURRENT-1]}"',
    '  case "$before" in',
    ...cases,
    '    *) _files ;;',
    '  esac',
    '}',
    'compdef _tightrope tightrope',
  ].join('\n');
}

function fish(commands: readonly Command[]): string {
  const lines = [...continuations(commands)].map(([after, words]) => {
    const condition = `test (string join ' ' (commandline -opc)[2..-1]) = ${JSON.stringify(after)}`;
    return `complete -c tightrope -n ${JSON.stringify(condition)} -a ${JSON.stringify(words.join(' '))}`;
  });
  return lines.join('\n');
}
