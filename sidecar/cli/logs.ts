/** `tightrope logs [--follow]`: what was served, newest last. */
import { setTimeout as pause } from 'node:timers/promises';
import { RequestLogPage, type RequestLog } from '../contract/request-log';
import type { Call, Command } from './command';
import { EXIT } from './exit-codes';
import { alignedLines } from './terminal';
import { withRunningSidecar, type SidecarApi } from './with-running-sidecar';

export const LOGS: Command = {
  words: ['logs'],
  summary: 'Show the request log',
  details: ['With --follow it goes on until Ctrl-C. With --json every row is one line of JSON.'],
  arguments: { usage: '', least: 0, most: 0 },
  options: ['follow', 'limit', 'json', 'db', 'config', 'log-level'],
  run: showLogs,
};

const DEFAULT_ROWS = '20';
const FOLLOW_ROWS = '200';
const POLL_MS = 1_000;

async function showLogs(call: Call): Promise<number> {
  const { switches, values, program } = call;
  const print = (rows: readonly RequestLog[]): void => {
    if (rows.length === 0) return;
    const lines = switches.has('json') ? rows.map((row) => JSON.stringify(row)) : alignedLines(rows.map(cells));
    program.terminal.out(lines.join('\n'));
  };
  return withRunningSidecar(call, async (api) => {
    const first = await newest(api, values.limit ?? DEFAULT_ROWS);
    print(first);
    if (switches.has('follow')) await follow(api, first, print);
    return EXIT.ok;
  });
}

/** Oldest first. */
async function newest({ ask }: SidecarApi, limit: string): Promise<RequestLog[]> {
  const { logs } = await ask(`/logs?limit=${encodeURIComponent(limit)}`, RequestLogPage);
  return [...logs].reverse();
}

/** Until the process is ended. Rows come in the order of their ending, so they are told by their ids. */
async function follow(
  api: SidecarApi,
  first: readonly RequestLog[],
  print: (rows: readonly RequestLog[]) => void,
): Promise<never> {
  let seen = new Set(first.map(({ id }) => id));
  for (;;) {
    await pause(POLL_MS);
    const rows = await newest(api, FOLLOW_ROWS);
    print(rows.filter(({ id }) => !seen.has(id)));
    seen = new Set(rows.map(({ id }) => id));
  }
}

function cells(row: RequestLog): string[] {
  const tokens = row.totalTokens === null ? '-' : `${String(row.totalTokens)} tokens`;
  const latency = row.latencyMs === null ? '-' : `${String(row.latencyMs)} ms`;
  const cost = row.totalCostUsd === null ? '-' : `${row.totalCostUsd.toFixed(4)} USD`;
  const account = row.accountId?.slice(-12) ?? '-';
  return [
    row.requestedAt,
    String(row.statusCode),
    row.method,
    row.path,
    row.model ?? '-',
    account,
    latency,
    tokens,
    cost,
    row.errorCode ?? '',
  ];
}
