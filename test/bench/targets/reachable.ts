import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Waits until something accepts connections on a local port.
 * @throws Error after `withinMs` milliseconds
 */
export async function reachable(port: number, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await accepts(port))) {
    if (performance.now() > deadline)
      throw new Error(`nothing listens on port ${String(port)} after ${String(withinMs)} ms`);
    await pause(POLL_MS);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    const settle = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
