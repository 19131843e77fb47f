/** Configurations of Codex in hard shapes, all of them valid TOML that Codex itself reads. */

export interface HardConfig {
  readonly name: string;
  readonly text: string;
}

const TOOL_SECTION = '[tools]\nweb_search = true\n';

export const HARD_CONFIGS: readonly HardConfig[] = [
  { name: 'nothing at all', text: '' },
  { name: 'comments only', text: '# my settings\n\n# model = "x"\n' },
  { name: 'no line end at the end', text: 'model = "gpt-5.5"' },
  { name: 'another provider with a comment', text: 'model_provider = "other" # mine\nmodel = "gpt-5.5"\n' },
  { name: 'CRLF line ends', text: 'model = "gpt-5.5"\r\n\r\n[tools]\r\nweb_search = true\r\n' },
  { name: 'sections without top-level keys', text: TOOL_SECTION },
  { name: 'a section behind a comment', text: `# about tools\n${TOOL_SECTION}` },
  {
    name: 'profiles with providers of their own',
    text: '[profiles.work]\nmodel_provider = "azure"\n\n[profiles.home]\nmodel = "gpt-5.5"\n',
  },
  {
    name: 'our section with a stale port and a comment behind its header',
    text: '[model_providers.tightrope] # the pool\nname = "OpenAI"\nbase_url = "http://127.0.0.1:9999/backend-api/codex"\n',
  },
  {
    name: 'our section among others, with a table of its own',
    text: '[model_providers.tightrope]\nname = "openai"\n[model_providers.tightrope.http_headers]\n"x-a" = "b"\n[tools]\nweb_search = true\n',
  },
  { name: 'only a table below our section', text: '[model_providers.tightrope.http_headers]\n"x-a" = "b"\n' },
  { name: 'array of tables', text: '[[skills.config]]\npath = "/nowhere/SKILL.md"\nenabled = false\n' },
  { name: 'quoted keys', text: '["model_providers".\'tightrope\']\n"name" = \'x\'\n' },
  { name: 'dotted keys at the top', text: 'model_providers.tightrope.name = "x"\nmodel = "gpt-5.5"\n' },
  {
    name: 'dotted keys under a header',
    text: '[model_providers]\ntightrope.name = "x"\n\n[tools]\nweb_search = true\n',
  },
  {
    name: 'inline table',
    text: 'model_providers = { tightrope = { name = "x", wire_api = "responses" } }\nmodel = "gpt-5.5"\n',
  },
  {
    name: 'multi-line strings that look like settings',
    text: 'developer_instructions = """\nmodel_provider = "no"\n[model_providers.tightrope]\n"""\nmodel = \'gpt-5.5\'\n',
  },
  {
    name: 'arrays over several lines, with brackets and comments in them',
    text: 'notify = [\n  "sh", # ] not the end\n  "-c",\n  "echo \\"[x]\\"",\n]\n',
  },
  { name: 'hash signs in strings', text: 'model = "a#b"\nmodel_provider = "c#d"#e\n' },
  {
    name: 'a commented-out set-up',
    text: '# model_provider = "tightrope"\n#[model_providers.tightrope]\n#name = "openai"\n',
  },
  {
    name: 'spaces around everything',
    text: '  model_provider   =   "other"   \n\n  [ model_providers . tightrope ]  \n  name="x"\n',
  },
  { name: 'a project table with a path as key', text: '[projects."/home/me/a.b"]\ntrust_level = "trusted"\n' },
];
