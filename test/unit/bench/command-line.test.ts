import { GOALS } from '../../bench/floors';
import { parseCommand } from '../../bench/options';
import { SCENARIOS, selectScenarios } from '../../bench/scenarios/scenario-table';

function idsOf(...args: string[]): string[] {
  const command = parseCommand(args);
  return command.kind === 'bench' ? command.options.scenarios.map((scenario) => scenario.id) : [];
}

test('everything by default, three scenarios in the smoke run', () => {
  expect(idsOf()).toEqual(SCENARIOS.map((scenario) => scenario.id));
  expect(idsOf('--smoke')).toEqual(['J32', 'S1', 'S3']);
});

test('scenarios by id and by family', () => {
  expect(idsOf('--scenario', 'S1,J')).toEqual(['J1', 'J32', 'J256', 'S1']);
  expect(idsOf('--scenario', 'X')).toEqual(['XJ', 'XS1']);
});

test('unknown scenarios and those of later issues are refused by name', () => {
  expect(() => selectScenarios(['Q'])).toThrow('no scenario Q');
  expect(() => selectScenarios(['W'])).toThrow('W (WebSocket echo) comes with its issue');
});

test('bad numbers and arguments are refused', () => {
  expect(() => parseCommand(['--pairs', '0'])).toThrow('--pairs needs a whole number');
  expect(() => parseCommand(['fast'])).toThrow('unknown argument fast');
  expect(() => parseCommand(['--profile'])).toThrow('exactly one scenario');
});

test('the soak takes its length', () => {
  expect(parseCommand(['soak'])).toEqual({ kind: 'soak', seconds: 60 });
  expect(parseCommand(['soak', '--seconds', '5'])).toEqual({ kind: 'soak', seconds: 5 });
});

test('every goal belongs to a scenario that measures what it is compared with', () => {
  for (const { scenario: id, against } of GOALS) {
    const scenario = SCENARIOS.find((known) => known.id === id);
    const measured = [...(scenario?.targets ?? []), ...(scenario?.references ?? []), 'portkey', 'better-ccflare'];
    expect({ id, measured: against === null || measured.includes(against.target) }).toEqual({ id, measured: true });
  }
});
