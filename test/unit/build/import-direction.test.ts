import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { RuleTester } from 'eslint';
import { importDirection } from '../../../build/lint/import-direction.mjs';

const ROOT = join(__dirname, '../../..');

const tester = new RuleTester({ languageOptions: { parser, ecmaVersion: 2023, sourceType: 'module' } });

/** A source as if it stood at `path` in the repository. */
function at(path: string, code: string): { filename: string; code: string } {
  return { filename: join(ROOT, path), code };
}

const gatewayFile = 'sidecar/gateway/turn/turn.ts';

tester.run('layers/import-direction', importDirection, {
  valid: [
    at(gatewayFile, "import type { TurnRecord } from '../../contract/turn-record';"),
    at(gatewayFile, "import { type Config } from '../../config/config';"),
    at(gatewayFile, "import { createHash } from 'node:crypto';"),
    at('sidecar/ledger/ledger-service.ts', "import { uuidv7 } from '../platform/ids'; export const id = uuidv7;"),
    at('migrations/0001-base.ts', "import type { Knex } from 'knex';"),
  ],
  invalid: [
    {
      ...at('sidecar/platform/ids.ts', "import type { Config } from '../config/config';"),
      errors: [{ messageId: 'forbidden' }],
    },
    { ...at('sidecar/platform/ids.ts', "export { a } from '../config/config';"), errors: [{ messageId: 'forbidden' }] },
    { ...at('sidecar/platform/ids.ts', "export * from '../config/config';"), errors: [{ messageId: 'forbidden' }] },
    { ...at('sidecar/platform/ids.ts', "void import('../config/config');"), errors: [{ messageId: 'forbidden' }] },
    {
      ...at('sidecar/platform/ids.ts', "type C = import('../config/config').Config;"),
      errors: [{ messageId: 'forbidden' }],
    },
    { ...at('sidecar/platform/ids.ts', "require('../config/config');"), errors: [{ messageId: 'forbidden' }] },
    {
      ...at('sidecar/platform/ids.ts', "import c = require('../config/config');"),
      errors: [{ messageId: 'forbidden' }],
    },
    { ...at(gatewayFile, "import { Config } from '../../config/config';"), errors: [{ messageId: 'forbidden' }] },
    { ...at(gatewayFile, "import type { Knex } from 'knex';"), errors: [{ messageId: 'forbidden' }] },
    { ...at(gatewayFile, "import x from 'express/lib/router';"), errors: [{ messageId: 'forbidden' }] },
    { ...at('migrations/0001-base.ts', "import { knex } from 'knex';"), errors: [{ messageId: 'forbidden' }] },
    { ...at('sidecar/accounts/index.ts', 'export const a = 1;'), errors: [{ messageId: 'barrel' }] },
  ],
});
