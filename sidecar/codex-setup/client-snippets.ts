/** Ready-made configuration of clients, with the live address. An API key stands only as the name of a variable. */
import type { ClientSnippet } from '../contract/codex-setup';
import { editConfig } from './config-edit';
import { wantedConfig } from './wanted-config';

/** @param address `http://127.0.0.1:2455` */
export function clientSnippets(address: string): ClientSnippet[] {
  const codex = editConfig('', wantedConfig(codexBaseUrl(address), { envKey: null }));
  return [
    {
      id: 'codex',
      title: 'Codex CLI, IDE and app',
      language: 'toml',
      file: '~/.codex/config.toml',
      text: codex,
    },
    {
      id: 'codex_profile',
      title: 'Codex, only with --profile tightrope',
      language: 'toml',
      file: '~/.codex/tightrope.config.toml',
      text: codex,
    },
    {
      id: 'openai',
      title: 'OpenAI SDKs',
      language: 'sh',
      file: null,
      text: `export OPENAI_BASE_URL=${address}/v1\nexport OPENAI_API_KEY=$TIGHTROPE_KEY\n`,
    },
    {
      id: 'anthropic',
      title: 'Claude Code and Anthropic SDKs',
      language: 'sh',
      file: null,
      text: `export ANTHROPIC_BASE_URL=${address}\nexport ANTHROPIC_AUTH_TOKEN=$TIGHTROPE_KEY\n`,
    },
    {
      id: 'opencode',
      title: 'OpenCode',
      language: 'json',
      file: '~/.config/opencode/opencode.json',
      text: openCode(address),
    },
    {
      id: 'curl',
      title: 'curl',
      language: 'sh',
      file: null,
      text:
        `curl -N ${address}/v1/responses -H 'content-type: application/json' -H "authorization: Bearer $TIGHTROPE_KEY" \\\n` +
        `  -d '{"model":"gpt-5.5","input":"Say hello.","stream":true}'\n`,
    },
  ];
}

export function codexBaseUrl(address: string): string {
  return `${address}/backend-api/codex`;
}

function openCode(address: string): string {
  const options = { baseURL: `${address}/v1`, apiKey: '{env:TIGHTROPE_KEY}' };
  const provider = { tightrope: { npm: '@ai-sdk/openai', name: 'Tightrope', options, models: { 'gpt-5.5': {} } } };
  return `${JSON.stringify({ $schema: 'https://opencode.ai/config.json', provider }, null, 2)}\n`;
}
