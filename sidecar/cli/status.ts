/** `tightrope status`: whether a sidecar runs on the data directory, and how it is doing. */
import { RuntimeHealth } from '../contract/runtime';
import { compile } from '../contract/validate';
import { adminRequest } from './admin-request';
import type { Call, Command } from './command';
import { configurationOf } from './configuration';
import { EXIT } from './exit-codes';
import { findSidecar } from './find-sidecar';
import { adminToken } from './running-sidecar';
import { alignedLines } from './terminal';

export const STATUS: Command = {
  words: ['status'],
  summary: 'Say whether the sidecar runs, and how it is doing',
  details: ['Exit code 0 when it runs, 1 when it does not.'],
  arguments: { usage: '', least: 0, most: 0 },
  options: ['json', 'db', 'config', 'log-level'],
  run: showStatus,
};

const REQUEST_TIMEOUT_MS = 10_000;

async function showStatus(call: Call): Promise<number> {
  const { program, switches } = call;
  const { terminal } = program;
  const loaded = configurationOf(call);
  const { dataDirectory } = loaded;
  const runtime = await findSidecar(dataDirectory);
  if (runtime === null) {
    if (switches.has('json')) terminal.out(JSON.stringify({ running: false, dataDirectory }, null, 2));
    else terminal.out(`not running on ${dataDirectory}`);
    return EXIT.failure;
  }
  const { address, pid, version } = runtime;
  const token = await adminToken(loaded);
  const answer = await adminRequest(`${address}/api/runtime/health`, { token, timeoutMs: REQUEST_TIMEOUT_MS });
  const health = compile(RuntimeHealth, 'answer of the sidecar')(answer);
  if (switches.has('json')) {
    terminal.out(JSON.stringify({ running: true, address, pid, version, dataDirectory, health }, null, 2));
  } else {
    terminal.out(alignedLines(rows(health, { address, pid, dataDirectory })).join('\n'));
  }
  return EXIT.ok;
}

interface Place {
  readonly address: string;
  readonly pid: number;
  readonly dataDirectory: string;
}

function rows(health: RuntimeHealth, { address, pid, dataDirectory }: Place): string[][] {
  const proxy = health.proxyPaused ? 'paused' : health.proxyEnabled ? 'on' : 'off';
  return [
    ['status', health.status],
    ['address', address],
    ['version', health.version],
    ['pid', String(pid)],
    ['uptime', duration(health.uptime_ms)],
    ['proxy', proxy],
    ['accounts', `${health.accounts.usable} usable of ${health.accounts.total}`],
    ['turns in flight', String(health.turnsInFlight)],
    ['data', dataDirectory],
  ];
}

/** The two largest units: `3 d 4 h`, `5 min 6 s`. */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const units: readonly (readonly [string, number])[] = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ];
  const first = Math.max(
    0,
    units.findIndex(([, count]) => count > 0),
  );
  const largest = seconds === 0 ? units.slice(-1) : units.slice(first, first + 2);
  return largest.map(([unit, count]) => `${count} ${unit}`).join(' ');
}
