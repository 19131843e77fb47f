/** Where the data lies; the folder of the database is the data directory (design §10). */
import { Type } from '@sinclair/typebox';
import { filePath } from '../parse-style';
import { defaultDatabasePath } from '../paths';
import { section } from '../setting';
import { someText } from '../value-types';

export const DATABASE = section(Type.Object({ path: someText() }), {
  path: {
    env: ['TIGHTROPE_DB_PATH'],
    toml: ['db_path', 'database.db_path', 'database.path'],
    flag: 'db',
    style: filePath,
    defaultAt: defaultDatabasePath,
    badValue: 'refuse',
    about: 'database file; its folder is the data directory',
  },
});
