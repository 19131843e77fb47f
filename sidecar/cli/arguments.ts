/** From the words of a command line to a command, its options and arguments; mistakes are answered with a suggestion. */
import { parseArgs } from 'node:util';
import { nearestName } from '../config/nearest-name';
import type { Call, Command } from './command';
import { isOptionName, OPTION_NAMES, optionOf, type OptionName } from './options';

/** A mistake in the command line. `topic` = words of the command whose help would tell more. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly topic: readonly string[],
  ) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What a command line asks for: a command, or the help about a topic (no words = overview), or the version. */
export type Request =
  | ({ readonly kind: 'run'; readonly command: Command } & Pick<Call, 'positionals' | 'values' | 'switches'>)
  | { readonly kind: 'help'; readonly topic: readonly string[] }
  | { readonly kind: 'version' };

/**
 * @param argv words after the program's name
 * @throws UsageError
 */
export function readArguments(argv: readonly string[], commands: readonly Command[]): Request {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(OPTION_NAMES.map((name) => [name, parserOption(name)])),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []));
  if (given.some(({ name }) => name === 'help')) return { kind: 'help', topic: topicOf(words, commands) };
  if (words[0] === 'help') return { kind: 'help', topic: topicOf(words.slice(1), commands) };
  const values: Partial<Record<OptionName, string>> = {};
  const switches = new Set<OptionName>();
  for (const option of given) {
    const { name, value } = checkedOption(option);
    if (value === undefined) switches.add(name);
    else values[name] = value;
  }
  if (switches.has('version')) return { kind: 'version' };
  const command = commandOf(words, commands);
  const positionals = words.slice(words.length === 0 ? 0 : command.words.length);
  checkFit(command, [...switches, ...OPTION_NAMES.filter((name) => values[name] !== undefined)], positionals);
  return { kind: 'run', command, positionals, values, switches };
}

interface GivenOption {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function parserOption(name: OptionName): { type: 'string' | 'boolean'; short?: string } {
  const { short, value } = optionOf(name);
  return { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) };
}

function checkedOption({ name, rawName, value, inlineValue }: GivenOption): { name: OptionName; value?: string } {
  if (!isOptionName(name)) {
    const like = nearestName(name, OPTION_NAMES);
    throw new UsageError(`Unknown option ${rawName}.${like === null ? '' : ` Did you mean --${like}?`}`, []);
  }
  const placeholder = optionOf(name).value;
  if (placeholder === undefined) {
    if (inlineValue === true) throw new UsageError(`${rawName} takes no value.`, []);
    return { name };
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: --${name} ${placeholder}.`, []);
  if (inlineValue !== true && value.startsWith('-') && value !== '-') {
    throw new UsageError(
      `${rawName} needs a value, and ${value} looks like an option. Write --${name}=${value} if it is none.`,
      [],
    );
  }
  return { name, value };
}

/** The command with the most words in common from the beginning; without words it is the first one, `serve`. */
function commandOf(words: readonly string[], commands: readonly Command[]): Command {
  const found = commands.find((command) =>
    words.length === 0 ? true : command.words.every((word, index) => word === words[index]),
  );
  if (found !== undefined) return found;
  const [first = '', second] = words;
  const group = commands.filter((command) => command.words[0] === first);
  if (group.length === 0)
    throw new UsageError(
      unknownCommand(
        first,
        first,
        commands.map((command) => command.words[0]),
      ),
      [],
    );
  const choices = group.map((command) => command.words[1]);
  if (second === undefined) {
    throw new UsageError(`${first} needs a command: ${choices.join(', ')}.`, [first]);
  }
  throw new UsageError(unknownCommand(`${first} ${second}`, second, choices), [first]);
}

function unknownCommand(written: string, word: string, known: readonly (string | undefined)[]): string {
  const like = nearestName(
    word,
    known.filter((each) => each !== undefined),
  );
  const suggestion = like === null ? '' : ` Did you mean ${written.slice(0, written.length - word.length)}${like}?`;
  return `Unknown command ${written}.${suggestion}`;
}

function checkFit(command: Command, options: readonly OptionName[], positionals: readonly string[]): void {
  const name = command.words.join(' ');
  const foreign = options.find((option) => !command.options.includes(option));
  if (foreign !== undefined) throw new UsageError(`--${foreign} is no option of ${name}.`, command.words);
  const { usage, least, most } = command.arguments;
  if (positionals.length < least) throw new UsageError(`${name} needs ${usage}.`, command.words);
  if (positionals.length > most) {
    throw new UsageError(`${name} does not take ${positionals[most] ?? 'that'} as an argument.`, command.words);
  }
}

/** As much of the words as names a command or a group of them. */
function topicOf(words: readonly string[], commands: readonly Command[]): string[] {
  const topic: string[] = [];
  for (const word of words) {
    const longer = [...topic, word];
    if (!commands.some((command) => longer.every((each, index) => each === command.words[index]))) break;
    topic.push(word);
  }
  return topic;
}
