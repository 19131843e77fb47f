/** Command line of the bench. */
import { parseArgs } from 'node:util';
import { selectScenarios, SCENARIOS, SMOKE_IDS, type Scenario } from './scenarios/scenario-table';

export const USAGE = `npm run bench -- [options]

  --smoke            one minute: J32, S1 and S3 with short windows
  --scenario A,B     only these: ids (J32) or families (J)
  --pairs N          windows per target and scenario (default 5)
  --peers            also Portkey and better-ccflare, installed into a temporary folder
  --profile          one scenario under --cpu-prof: where the sidecar's time goes
  --list             the scenarios

npm run soak -- [--seconds N]      1,000 streams for 60 s: nothing lost, nothing kept
`;

export interface BenchOptions {
  readonly smoke: boolean;
  readonly scenarios: readonly Scenario[];
  /** `null` = the default of the mode. */
  readonly pairs: number | null;
  readonly peers: boolean;
  readonly profile: boolean;
}

export type Command =
  | { readonly kind: 'help' | 'list' }
  | { readonly kind: 'bench'; readonly options: BenchOptions }
  | { readonly kind: 'soak'; readonly seconds: number };

/** Throws Error with a message for the user. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      smoke: { type: 'boolean', default: false },
      scenario: { type: 'string' },
      pairs: { type: 'string' },
      peers: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '60' },
    },
  });
  if (values.help) return { kind: 'help' };
  if (values.list) return { kind: 'list' };
  if (positionals[0] === 'soak') return { kind: 'soak', seconds: wholeNumber('seconds', values.seconds) };
  if (positionals.length > 0) throw new Error(`unknown argument ${positionals.join(' ')}`);
  const ids = values.scenario?.split(',').filter((id) => id !== '') ?? (values.smoke ? SMOKE_IDS : null);
  const scenarios = ids === null ? SCENARIOS : selectScenarios(ids);
  if (values.profile && scenarios.length !== 1) throw new Error('--profile needs exactly one scenario');
  return {
    kind: 'bench',
    options: {
      smoke: values.smoke,
      scenarios,
      pairs: values.pairs === undefined ? null : wholeNumber('pairs', values.pairs),
      peers: values.peers,
      profile: values.profile,
    },
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a whole number above 0, not "${text}"`);
  return value;
}
