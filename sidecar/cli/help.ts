/** The help texts, made from the tables of commands, options and exit codes. */
import type { Command } from './command';
import { EXIT_MEANINGS } from './exit-codes';
import { optionOf, type OptionName } from './options';
import { alignedLines } from './terminal';

/**
 * @param topic words that begin a command; no words = the overview
 * @param program how a person starts this program
 */
export function helpText(topic: readonly string[], commands: readonly Command[], program: string): string {
  const matching = commands.filter((command) => topic.every((word, index) => word === command.words[index]));
  const [only] = matching;
  if (topic.length > 0 && matching.length === 1 && only !== undefined) return commandHelp(only, program);
  return overview(matching, topic.length === 0, program);
}

function overview(commands: readonly Command[], whole: boolean, program: string): string {
  const rows = commands.map((command) => [`  ${callOf(command)}`, command.summary]);
  const opening = whole ? ['Tightrope pools ChatGPT/Codex accounts behind one OpenAI-compatible address.', ''] : [];
  const usage = [`Usage: ${program} ${whole ? '[COMMAND]' : 'COMMAND'} [options]`, ''];
  return [
    ...opening,
    ...usage,
    'Commands:',
    ...alignedLines(rows),
    '',
    ...(whole ? ['Without a command: serve.', '', 'Options:', ...optionLines(serveOptions(commands)), ''] : []),
    `Help on a command: ${program} COMMAND --help`,
    ...(whole ? ['', ...exitLines()] : []),
  ].join('\n');
}

function serveOptions(commands: readonly Command[]): OptionName[] {
  return [...(commands[0]?.options ?? []), 'help', 'version'];
}

function commandHelp(command: Command, program: string): string {
  return [
    `Usage: ${program} ${callOf(command)} [options]`,
    '',
    `${command.summary}.`,
    ...command.details,
    '',
    'Options:',
    ...optionLines([...command.options, 'help']),
    '',
    ...exitLines(),
  ].join('\n');
}

function callOf({ words, arguments: { usage } }: Command): string {
  return [...words, usage].filter((word) => word !== '').join(' ');
}

function optionLines(names: readonly OptionName[]): string[] {
  return alignedLines(
    names.map((name) => {
      const { short, value, about } = optionOf(name);
      return [
        `  ${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
        about,
      ];
    }),
  );
}

function exitLines(): string[] {
  return ['Exit codes:', ...alignedLines(EXIT_MEANINGS.map(([code, meaning]) => [`  ${code}`, meaning]))];
}
