/** The schema's history, oldest first. Imported statically so that the bundle and the executable carry it. */
import type { Knex } from 'knex';
import { up as base } from './0001-base';

/** One step. Steps are never changed once released; later ones expand first and contract in a later release. */
interface SchemaStep {
  readonly name: string;
  up(knex: Knex): Promise<void>;
}

/** Every step there is. Append only. */
export const MIGRATIONS: readonly SchemaStep[] = [{ name: '0001-base', up: base }];
