/** The schema's history, oldest first. Imported statically so that the bundle and the executable carry it. */
import type { Knex } from 'knex';
import { up as base } from './0001-base';
import { up as quota } from './0002-quota';
import { up as routingDecisions } from './0003-routing-decisions';
import { up as accountPolicy } from './0004-account-policy';
import { up as continuity } from './0005-continuity';
import { up as apiKeys } from './0006-api-keys';
import { up as firewall } from './0007-firewall';
import { up as signin } from './0008-signin';
import { up as settingsHistory } from './0009-settings-history';
import { up as usageRollups } from './0011-usage-rollups';

/** One step. Steps are never changed once released; later ones expand first and contract in a later release. */
interface SchemaStep {
  readonly name: string;
  up(knex: Knex): Promise<void>;
}

/** Every step there is. Append only. */
export const MIGRATIONS: readonly SchemaStep[] = [
  { name: '0001-base', up: base },
  { name: '0002-quota', up: quota },
  { name: '0003-routing-decisions', up: routingDecisions },
  { name: '0004-account-policy', up: accountPolicy },
  { name: '0005-continuity', up: continuity },
  { name: '0006-api-keys', up: apiKeys },
  { name: '0007-firewall', up: firewall },
  { name: '0008-signin', up: signin },
  { name: '0009-settings-history', up: settingsHistory },
  { name: '0011-usage-rollups', up: usageRollups },
];
