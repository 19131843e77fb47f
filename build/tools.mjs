/** Heavy programs that only tests need: installed on first use into an ignored folder, never by `npm start`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNpm } from './installation.mjs';
import { CACHE, isMainScript, say } from './project.mjs';
import { ScriptFailure } from './script.mjs';

/** Name → npm package, exact version, program and what the user should know while waiting. */
export const TOOLS = {
  codex: { package: '@openai/codex', version: '0.169.0', program: 'codex', size: '404 MB' },
};

/** @typedef {keyof typeof TOOLS} ToolName */

/**
 * Where the program of a tool is, once {@link ensureTool} has run: `.cache/tools/<name>/node_modules/.bin/<program>`.
 * @param {ToolName} name
 */
export function toolProgram(name) {
  const program = process.platform === 'win32' ? `${TOOLS[name].program}.cmd` : TOOLS[name].program;
  return path.join(toolFolder(name), 'node_modules', '.bin', program);
}

/**
 * Installs a tool in its exact version unless it is there. Throws a ScriptFailure.
 * @param {ToolName} name
 * @returns {Promise<string>} path of its program
 */
export async function ensureTool(name) {
  const { package: packageName, version, size } = TOOLS[name];
  const wanted = `${packageName}@${version}`;
  const folder = toolFolder(name);
  const stamp = path.join(folder, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return toolProgram(name);
  say(`Installing ${wanted} (${size}) into ${path.relative(process.cwd(), folder)}. This runs once.`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n'); // keeps npm from looking further up
  const code = await runNpm(['install', '--prefix', folder, wanted, '--save-exact', '--no-audit', '--no-fund']);
  if (code !== 0) throw new ScriptFailure(`npm could not install ${wanted} (exit code ${code}).`);
  writeFileSync(stamp, wanted);
  return toolProgram(name);
}

/** @param {ToolName} name */
function toolFolder(name) {
  return path.join(CACHE, 'tools', name);
}

/**
 * @param {string} name
 * @returns {name is ToolName}
 */
function isToolName(name) {
  return Object.hasOwn(TOOLS, name);
}

if (isMainScript(import.meta.url)) {
  for (const name of process.argv.slice(2)) {
    if (!isToolName(name)) throw new ScriptFailure(`Unknown tool ${name}. Known: ${Object.keys(TOOLS).join(', ')}.`);
    process.stdout.write(`${await ensureTool(name)}\n`);
  }
}
