/** The reference of the admin API for people: the OpenAPI document as one plain page without a script. */
import { createHash } from 'node:crypto';
import type { OpenApiDocument, OpenApiOperation } from './openapi';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: #8881; border-radius: 6px; max-height: 24rem; overflow: auto; padding: .75rem; }
article { border-top: 1px solid #8884; padding: .75rem 0; }
h3 { font-size: 1rem; margin: 0; }
h3 b { display: inline-block; min-width: 4rem; }
table { border-collapse: collapse; }
td, th { padding: .1rem .75rem .1rem 0; text-align: left; vertical-align: top; }
nav a { margin-right: .75rem; }
`;

/** The page may use its own style and nothing else. */
export const REFERENCE_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`,
};

export function referencePage(document: OpenApiDocument): string {
  const { info, tags, components } = document;
  const names = tags.map(({ name }) => String(name));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tightrope: admin API</title><style>${STYLE}</style></head><body>
<h1>Tightrope ${text(info['version'])}: admin API</h1>
<p>${prose(info['description'])} The same as a document: <a href="openapi.json">openapi.json</a>.</p>
<nav>${names.map((name) => `<a href="#${text(name)}">${text(name)}</a>`).join(' ')}<a href="#schemas">schemas</a></nav>
${names.map((name) => section(document, name)).join('\n')}
<h2 id="schemas">schemas</h2>
${Object.entries(components.schemas).map(schemaEntry).join('\n')}
</body></html>
`;
}

function section(document: OpenApiDocument, tag: string): string {
  const articles = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => article(method, path, operation)),
  );
  return `<h2 id="${text(tag)}">${text(tag)}</h2>\n${articles.join('\n')}`;
}

function article(method: string, path: string, operation: OpenApiOperation): string {
  const { parameters, requestBody, responses, summary, operationId } = operation;
  const rows = [
    ...parameters.map((one) =>
      row(`${one.in} <code>${text(one.name)}</code>`, `${schema(one.schema)}${one.required ? ', required' : ''}`),
    ),
    ...(requestBody === undefined ? [] : [row('body', content(requestBody))]),
    ...Object.entries(responses).map(([status, answer]) =>
      row(text(status), `${prose(answer['description'])} ${content(answer)}`),
    ),
  ];
  return `<article id="${text(operationId)}"><h3><b>${method.toUpperCase()}</b> <code>${text(path)}</code></h3>
<p>${text(summary)}.</p><table>${rows.join('')}</table></article>`;
}

function row(name: string, value: string): string {
  return `<tr><th>${name}</th><td>${value}</td></tr>`;
}

function content(holder: Readonly<Record<string, unknown>>): string {
  const media = holder['content'] as Readonly<Record<string, { readonly schema: unknown }>> | undefined;
  return media === undefined ? '' : schema(media['application/json']?.schema);
}

function schema(value: unknown): string {
  const reference = (value as { readonly $ref?: string } | undefined)?.$ref;
  if (reference === undefined) return `<code>${text(JSON.stringify(value))}</code>`;
  const name = text(reference.split('/').at(-1));
  return `<a href="#schema-${name}">${name}</a>`;
}

function schemaEntry([name, value]: [string, unknown]): string {
  return `<article id="schema-${text(name)}"><h3>${text(name)}</h3><pre>${text(JSON.stringify(value, null, 2))}</pre></article>`;
}

/** Text with `code` in backquotes. */
function prose(value: unknown): string {
  return text(value).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

function text(value: unknown): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return String(value).replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
