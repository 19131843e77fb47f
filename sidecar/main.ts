/** Entry of the process: wires the command line to the real world. */
import { startApp } from './app';
import { runCommandLine } from './cli/command-line';
import { leaveWith } from './cli/leaving';
import { programName } from './cli/program-name';
import { processTerminal } from './cli/terminal';
import { BUILD_INFO } from './config/build-info';
import { loadConfig } from './config/load';
import { openOffline } from './offline';

const { argv, execPath } = process;

void runCommandLine(argv.slice(2), {
  build: BUILD_INFO,
  name: programName({ script: argv[1] ?? '', executable: execPath, cwd: process.cwd(), packed: 'pkg' in process }),
  programDir: __dirname,
  terminal: processTerminal(),
  process,
  load: loadConfig,
  startApp,
  openOffline,
}).then(leaveWith);
