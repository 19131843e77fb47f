/** Every way in which a module can name another one, as visitors of an ESLint rule. */

/**
 * @typedef {object} Specifier
 * @property {import('estree').Node} node where to report
 * @property {string} source text of the specifier
 * @property {boolean} typeOnly nothing of it is left at run time
 */

/**
 * @param {(specifier: Specifier) => void} found
 * @returns {import('eslint').Rule.RuleListener}
 */
export function onEverySpecifier(found) {
  /** @param {any} node */
  const visitStatement = (node) => {
    if (node.source === null || node.source === undefined) return;
    report(node.source, isTypeOnly(node));
  };
  /**
   * @param {any} literal
   * @param {boolean} typeOnly
   */
  const report = (literal, typeOnly) => {
    if (typeof literal?.value === 'string') found({ node: literal, source: literal.value, typeOnly });
  };
  return {
    ImportDeclaration: visitStatement,
    ExportNamedDeclaration: visitStatement,
    ExportAllDeclaration: visitStatement,
    ImportExpression: (/** @type {any} */ node) => report(node.source, false),
    TSImportType: (/** @type {any} */ node) => report(node.source ?? node.argument?.literal, true),
    TSExternalModuleReference: (/** @type {any} */ node) => report(node.expression, false),
    "CallExpression[callee.name='require']": (/** @type {any} */ node) => report(node.arguments[0], false),
  };
}

/** @param {any} statement */
function isTypeOnly(statement) {
  if (statement.importKind === 'type' || statement.exportKind === 'type') return true;
  const names = statement.specifiers ?? [];
  return names.length > 0 && names.every((/** @type {any} */ name) => (name.importKind ?? name.exportKind) === 'type');
}
