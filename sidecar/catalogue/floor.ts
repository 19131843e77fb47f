/**
 * The catalogue before upstream was ever reached: the models that were offered everywhere when this was built.
 *
 * Its instructions are our own short ones. A Codex client rejects a list whose entries have none, and takes our entry in
 * place of the one it ships with, so they have to be fit for use (client source openai/codex, models manager).
 */
import floor from './floor.json';
import { uniteModels, type ModelList } from './model-list';

export function floorModels(): ModelList {
  const base_instructions = floor.instructions.join('\n');
  return uniteModels([floor.models.map((entry) => ({ ...entry, base_instructions }))]);
}
