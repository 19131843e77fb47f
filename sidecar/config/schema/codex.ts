/** Where the Codex client keeps its things. */
import { Type } from '@sinclair/typebox';
import { filePath } from '../parse-style';
import { section } from '../setting';
import { optionalText } from '../value-types';

export const CODEX = section(Type.Object({ home: optionalText() }), {
  home: {
    env: ['CODEX_HOME'],
    style: filePath,
    default: null,
    about: "folder of the Codex client's config.toml; otherwise ~/.codex",
  },
});
