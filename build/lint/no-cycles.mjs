/** ESLint rule `layers/no-cycles`: no file reaches itself through its imports, type imports included. */
import path from 'node:path';
import { ImportGraph } from './import-graph.mjs';
import { onEverySpecifier } from './import-specifiers.mjs';
import { isRelative, resolveRelative } from './module-files.mjs';

/** Shared by all files of one lint run: reading the whole graph once per file would be quadratic. */
const graph = new ImportGraph();

/** @type {import('eslint').Rule.RuleModule} */
export const noCycles = {
  meta: {
    type: 'problem',
    docs: { description: 'no import cycles between files' },
    schema: [],
    messages: { cycle: 'Import cycle: {{way}}.' },
  },
  create(context) {
    return onEverySpecifier(({ node, source }) => {
      if (!isRelative(source)) return;
      const target = resolveRelative(context.filename, source);
      const back = target === null ? null : graph.path(target, context.filename);
      if (back === null) return;
      const way = [context.filename, ...back].map((file) => path.relative(context.cwd, file)).join(' → ');
      context.report({ node, messageId: 'cycle', data: { way } });
    });
  },
};
