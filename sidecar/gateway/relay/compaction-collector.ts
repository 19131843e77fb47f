/** The answer of a turn that compacted, as the call of its own answers it: `object: "response.compaction"` (codex-wire 2.7). */
import { TightropeError } from '../../platform/errors';
import { listOf, recordOf, textOf, type Json } from '../protocol/json-record';
import { parseUpstreamObject } from '../protocol/upstream-json';
import { ResponseCollector } from './collector';

/** What upstream puts the summary in; the last two are variants that were seen. */
const SUMMARY_TYPES: ReadonlySet<string> = new Set(['compaction', 'compaction_summary', 'message']);

export class CompactionCollector {
  readonly #collector = new ResponseCollector();

  push(events: Buffer): void {
    this.#collector.push(events);
  }

  /** Throws TightropeError `upstream_incomplete` when the turn ended without a summary, else as `ResponseCollector`. */
  finish(): { readonly status: number; readonly body: Buffer } {
    const response = parseUpstreamObject(this.#collector.finish().body);
    const output = listOf(response['output']).filter(isSummary);
    if (output.length === 0) throw new TightropeError('upstream_incomplete');
    return { status: 200, body: Buffer.from(JSON.stringify(compactionOf(response, output))) };
  }
}

function isSummary(item: unknown): boolean {
  return SUMMARY_TYPES.has(textOf(recordOf(item)['type']) ?? '');
}

function compactionOf(response: Json, output: readonly unknown[]): Json {
  const { id, created_at: createdAt, usage } = response;
  return { id, object: 'response.compaction', created_at: createdAt, output, usage };
}
