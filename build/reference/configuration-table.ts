/** The README's table of settings, made from the same schema that the sidecar reads: it cannot lie. */
import { SETTINGS, type SettingRow } from '../../sidecar/config/config';
import { ruleText } from '../../sidecar/config/rule-text';

/** The lines of README.md between which the table stands. */
export const TABLE_START = '<!-- settings: made by `npm run docs` -->';
export const TABLE_END = '<!-- end of settings -->';

/** Markdown: one table over all settings, in the order of the sections. */
export function configurationTable(): string {
  const rows = SETTINGS.map((row) => `| ${cells(row).join(' | ')} |`);
  return ['| TOML key | Environment variable | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/**
 * The document with a fresh table between the two marks.
 * @throws Error when the marks are not there
 */
export function withConfigurationTable(readme: string): string {
  const start = readme.indexOf(TABLE_START);
  const end = readme.indexOf(TABLE_END);
  if (start === -1 || end < start) throw new Error('README.md lacks the marks of the table of settings.');
  return `${readme.slice(0, start + TABLE_START.length)}\n${configurationTable()}\n${readme.slice(end)}`;
}

function cells(row: SettingRow): string[] {
  const { setting, tomlKeys, schema } = row;
  const [strongest = '', ...weaker] = tomlKeys.toReversed().map(code);
  const toml = weaker.length === 0 ? strongest : `${strongest}, or ${weaker.join(', ')}`;
  const option = setting.flag === undefined ? '' : `, option \`--${setting.flag}\``;
  return [
    toml,
    `${setting.env.map(code).join(', ')}${option}`,
    defaultText(row),
    [setting.about, ...ruleWords(ruleText(schema, setting))].join('; '),
  ].map((cell) => cell.replaceAll('|', '\\|'));
}

/** The rule, unless it says only what everybody expects. */
function ruleWords(rule: string): string[] {
  const expected = /^a whole number from [01] to 2147483647$|^text that is not empty$|^the path of a file/;
  return expected.test(rule) ? [] : [rule];
}

function defaultText({ setting }: SettingRow): string {
  if (!('default' in setting)) return 'see "Where data lies"';
  const value = setting.default;
  if (value === null || (Array.isArray(value) && value.length === 0)) return '—';
  if (typeof value === 'number' && setting.env[0].endsWith('_SECONDS')) return code(String(value / 1000));
  return code(String(value));
}

function code(text: string): string {
  return `\`${text}\``;
}
