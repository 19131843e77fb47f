/** Our own ESLint rules as a plugin, in eslint.config.mjs under the name `layers`. */
import { importDirection } from './import-direction.mjs';
import { noCycles } from './no-cycles.mjs';

/** @type {import('eslint').ESLint.Plugin} */
export const layers = {
  meta: { name: 'layers' },
  rules: { 'import-direction': importDirection, 'no-cycles': noCycles },
};
