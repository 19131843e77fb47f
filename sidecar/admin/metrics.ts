/**
 * What Prometheus reads. Counters grow when a turn has closed, gauges are looked up when somebody asks. Every label has
 * few values: statuses by class, routes of ours, accounts by status; never a model, a key or a client.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestLogRow } from '../ledger/request-log-row';

/** What gauges show. */
export interface MetricFacts {
  turnsInFlight(): number;
  /** Accounts by status. */
  accounts(): Iterable<{ readonly status: string }>;
  logRowsDropped(): number;
  uptimeSeconds(): number;
}

const MICRO_PER_USD = 1_000_000;
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];
/** Routes are ours, but some carry a name: beyond so many the rest counts as `other`. */
const MAX_ROUTES = 40;

export class Metrics {
  readonly #registry = new Registry();
  readonly #routes = new Set<string>();
  readonly #requests: Counter<'route' | 'status' | 'transport'>;
  readonly #failures: Counter<'blame'>;
  readonly #retried: Counter;
  readonly #tokens: Counter<'kind'>;
  readonly #cost: Counter;
  readonly #bytes: Counter<'direction'>;
  readonly #duration: Histogram<'transport'>;
  readonly #firstToken: Histogram<'transport'>;

  constructor(facts: MetricFacts) {
    this.#requests = this.#counter('requests_total', 'Closed turns', ['route', 'status', 'transport']);
    this.#failures = this.#counter('failures_total', 'Turns that ended with an error, by who is to blame', ['blame']);
    this.#retried = this.#counter('retried_requests_total', 'Turns that needed more than one attempt', []);
    this.#tokens = this.#counter('tokens_total', 'Tokens as the upstream counted them', ['kind']);
    this.#cost = this.#counter('cost_usd_total', 'Cost at list prices, US dollars', []);
    this.#bytes = this.#counter('bytes_total', 'Bytes to upstreams and to clients', ['direction']);
    this.#duration = this.#histogram('request_duration_seconds', 'From arrival to the last byte');
    this.#firstToken = this.#histogram('first_token_seconds', 'From arrival to the first output');
    this.#gauge('turns_in_flight', 'Turns being served', () => facts.turnsInFlight());
    this.#gauge('log_rows_dropped', 'Log rows that the disk was too slow for', () => facts.logRowsDropped());
    this.#gauge('uptime_seconds', 'Since the start of the process', () => facts.uptimeSeconds());
    this.#accounts(facts);
  }

  /** Counts one closed turn. */
  observe(row: RequestLogRow): void {
    const { transport } = row;
    this.#requests.inc({
      route: this.#route(row.path),
      status: `${String(Math.floor(row.status_code / 100))}xx`,
      transport,
    });
    if (row.error_class !== null) this.#failures.inc({ blame: row.error_class });
    if (row.attempts > 1) this.#retried.inc();
    this.#tokens.inc({ kind: 'input' }, row.input_tokens ?? 0);
    this.#tokens.inc({ kind: 'cached' }, row.cached_tokens ?? 0);
    this.#tokens.inc({ kind: 'output' }, row.output_tokens ?? 0);
    this.#tokens.inc({ kind: 'reasoning' }, row.reasoning_tokens ?? 0);
    this.#cost.inc((row.cost_micro_usd ?? 0) / MICRO_PER_USD);
    this.#bytes.inc({ direction: 'up' }, row.bytes_up ?? 0);
    this.#bytes.inc({ direction: 'down' }, row.bytes_down ?? 0);
    if (row.latency_ms !== null) this.#duration.observe({ transport }, row.latency_ms / 1000);
    if (row.first_token_ms !== null) this.#firstToken.observe({ transport }, row.first_token_ms / 1000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #route(path: string): string {
    if (this.#routes.has(path)) return path;
    if (this.#routes.size >= MAX_ROUTES) return 'other';
    this.#routes.add(path);
    return path;
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `tightrope_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string): Histogram<'transport'> {
    const registers = [this.#registry];
    return new Histogram({ name: `tightrope_${name}`, help, labelNames: ['transport'], buckets: SECONDS, registers });
  }

  #gauge(name: string, help: string, look: () => number): void {
    const registers = [this.#registry];
    const gauge: Gauge = new Gauge({
      name: `tightrope_${name}`,
      help,
      registers,
      collect: () => gauge.set(look()),
    });
  }

  #accounts(facts: MetricFacts): void {
    const gauge = new Gauge({
      name: 'tightrope_accounts',
      help: 'Accounts by status',
      labelNames: ['status'],
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        for (const { status } of facts.accounts()) gauge.inc({ status });
      },
    });
  }
}
