/** `npm run dev [-- arguments]`: builds, runs the sidecar, and does both again after every change of a source. */
import { spawn } from 'node:child_process';
import { NODE, SIDECAR, say } from './project.mjs';
import { ensureDependencies } from './ready.mjs';
import { runScript } from './script.mjs';

/** How long the old process may drain before it is told a second time, which stops it at once. */
const PATIENCE_MS = 2_000;

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** The one process that is running; restarts queue behind each other. */
class RestartingProcess {
  /** @type {ChildProcess | null} */
  #child = null;
  /** @type {Promise<void>} */
  #turn = Promise.resolve();

  /** @param {string[]} args */
  constructor(args) {
    this.args = args;
  }

  restart() {
    this.#turn = this.#turn.then(async () => {
      await this.#end();
      this.#child = spawn(NODE, ['--enable-source-maps', SIDECAR, ...this.args], { stdio: 'inherit' });
      this.#child.once('exit', (code) => {
        if (code !== null && code !== 0) say(`The sidecar left with exit code ${code}; waiting for a change.`);
      });
    });
    return this.#turn;
  }

  stop() {
    this.#turn = this.#turn.then(() => this.#end());
    return this.#turn;
  }

  /** @returns {Promise<void>} */
  #end() {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const impatience = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS);
      child.once('exit', () => {
        clearTimeout(impatience);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}

async function watch() {
  await ensureDependencies({ replace: false });
  const { context } = await import('esbuild');
  const { bundleOptions } = await import('./bundle-options.mjs');
  const { writeBundle } = await import('./bundle.mjs');
  const { pageOptions, writePage } = await import('./page-bundle.mjs');
  const sidecar = new RestartingProcess(process.argv.slice(2));
  const options = bundleOptions();
  /** @type {import('esbuild').Plugin} */
  const restartAfterBuild = {
    name: 'restart-after-build',
    setup(build) {
      build.onEnd(async ({ errors, outputFiles }) => {
        if (errors.length > 0 || outputFiles === undefined) return;
        writeBundle(outputFiles);
        say('Built. Starting the sidecar …');
        await sidecar.restart();
      });
    },
  };
  /** @type {import('esbuild').Plugin} */
  const writeAfterBuild = {
    name: 'write-after-build',
    setup(build) {
      build.onEnd(({ errors, outputFiles }) => {
        if (errors.length === 0 && outputFiles !== undefined) writePage(outputFiles);
      });
    },
  };
  const watching = await context({ ...options, plugins: [...(options.plugins ?? []), restartAfterBuild] });
  const page = await context({ ...pageOptions(), plugins: [writeAfterBuild] });
  const stopped = new Promise((resolve) => {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, resolve);
  });
  await Promise.all([watching.watch(), page.watch()]);
  await stopped;
  await sidecar.stop();
  await Promise.all([watching.dispose(), page.dispose()]);
  return 0;
}

await runScript(watch);
