/** ESLint rule `layers/import-direction`: imports point down the table of layer-table.mjs, type imports included. */
import path from 'node:path';
import { onEverySpecifier } from './import-specifiers.mjs';
import { forbiddenImport, forbiddenPackage, isBarrel } from './layer-table.mjs';
import { isRelative, targetOf } from './module-files.mjs';

/** @type {import('eslint').Rule.RuleModule} */
export const importDirection = {
  meta: {
    type: 'problem',
    docs: { description: 'imports point down the layers of the house' },
    schema: [],
    messages: { forbidden: '{{reason}}.', barrel: 'No barrel files: import the file that defines the thing.' },
  },
  create(context) {
    const file = repositoryPath(context.cwd, context.filename);
    return {
      Program(node) {
        if (isBarrel(file)) context.report({ node, messageId: 'barrel' });
      },
      ...onEverySpecifier(({ node, source, typeOnly }) => {
        const reason = isRelative(source)
          ? forbiddenImport({
              from: file,
              to: repositoryPath(context.cwd, targetOf(context.filename, source)),
              typeOnly,
            })
          : forbiddenPackage(file, packageName(source), typeOnly);
        if (reason !== null) context.report({ node, messageId: 'forbidden', data: { reason } });
      }),
    };
  },
};

/**
 * @param {string} root
 * @param {string} file
 */
function repositoryPath(root, file) {
  return path.relative(root, file).split(path.sep).join('/');
}

/** @param {string} specifier such as `knex/lib/x` or `@scope/name/part` */
function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
