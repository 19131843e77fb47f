/** `npm run docs`: writes the parts of README.md that are made from the code. Started in the folder of package.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withConfigurationTable } from './configuration-table';

writeFileSync('README.md', withConfigurationTable(readFileSync('README.md', 'utf8')));
