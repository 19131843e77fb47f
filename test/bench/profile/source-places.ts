/** Names the place of a function as a developer knows it: through the source map of the bundle. */
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { projectRoot } from '../targets/project';
import type { CallFrame } from './cpu-profile';

export interface Place {
  /** `sidecar/gateway/turn/turn.ts:120`, `node:net:801`, empty for what the engine does itself. */
  readonly where: string;
  /** Coarse part it belongs to. */
  readonly area: string;
}

/** Maps places in `bundleFile` back to their sources. */
export function placesOf(bundleFile: string): (frame: CallFrame) => Place {
  const map = new SourceMap(JSON.parse(readFileSync(`${bundleFile}.map`, 'utf8')) as SourceMapPayload);
  return (frame) => {
    if (frame.url === '') return { where: '', area: engineArea(frame.functionName) };
    if (frame.url.startsWith('node:')) {
      return { where: `${frame.url}:${String(frame.lineNumber + 1)}`, area: nodeArea(frame.url) };
    }
    if (!frame.url.endsWith(path.basename(bundleFile))) return { where: frame.url, area: 'other' };
    const entry = map.findEntry(frame.lineNumber, frame.columnNumber);
    if (!('originalSource' in entry)) return { where: `${frame.url}:${String(frame.lineNumber + 1)}`, area: 'other' };
    const source = path.relative(projectRoot(), path.resolve(path.dirname(bundleFile), entry.originalSource));
    return { where: `${source}:${String(entry.originalLine + 1)}`, area: sourceArea(source) };
  };
}

function engineArea(name: string): string {
  switch (name) {
    case '(garbage collector)':
      return 'garbage collection';
    case '(program)':
      return 'engine, libuv, system calls';
    case '(idle)':
      return 'idle';
    default:
      return 'system calls and natives';
  }
}

/** `node:internal/streams/readable` → `node streams`. */
function nodeArea(url: string): string {
  const name = url.slice('node:'.length);
  if (/^(_http|internal\/http|http)/.test(name)) return 'node http';
  if (/^(net|internal\/(net|stream_base_commons))/.test(name)) return 'node net';
  if (/stream/.test(name)) return 'node streams';
  if (/^(events|internal\/(event_target|abort_controller))/.test(name)) return 'node events';
  if (/^(buffer|internal\/buffer)/.test(name)) return 'node buffer';
  if (/(timers|task_queues|async_hooks)/.test(name)) return 'node timers and ticks';
  return 'node other';
}

function sourceArea(source: string): string {
  const packageName = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
  if (packageName !== undefined) return packageName;
  return source.split('/').slice(0, 3).join('/').replace(/\.ts$/, '');
}
