import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricsReport } from '../contract/metrics-report.ts';

export type { Counter, Gauge, Histogram } from 'prom-client';

const STAGE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Our own names, without the buckets of histograms: sums and counts say what gauges can. */
const OWN = /^alpr_(?!.*_bucket$)/;

type Declaration<Label extends string> = Readonly<{ name: string; help: string; labels?: readonly Label[] }>;

/**
 * The instruments of one process. Each folder declares its own and only writes to them; names follow Prometheus' advice,
 * units are seconds, bytes and counts. A name that was declared before gives the same instrument.
 */
export class Telemetry {
  readonly #registry = new Registry();
  /** Since when it counts. */
  readonly startedAt = new Date();
  /** Time of each stage of an event's way, in whichever folder the stage is. */
  readonly stage: Histogram<'stage'>;

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.stage = this.histogram({
      name: 'alpr_stage_seconds',
      help: 'Time of each stage: detect, track, read, fuse, pictures, spool, publish, ingest, index, alert',
      labels: ['stage'],
    });
  }

  counter<Label extends string = never>(declaration: Declaration<Label>): Counter<Label> {
    return this.#declare(declaration.name, Counter<Label>, () => new Counter(this.#settings(declaration)));
  }

  gauge<Label extends string = never>(declaration: Declaration<Label>): Gauge<Label> {
    return this.#declare(declaration.name, Gauge<Label>, () => new Gauge(this.#settings(declaration)));
  }

  /** Of seconds, from a millisecond to five seconds. */
  histogram<Label extends string = never>(declaration: Declaration<Label>): Histogram<Label> {
    const create = () => new Histogram({ ...this.#settings(declaration), buckets: STAGE_BUCKETS });
    return this.#declare(declaration.name, Histogram<Label>, create);
  }

  /** Everything in the text format of Prometheus. */
  async format(): Promise<Readonly<{ type: string; text: string }>> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  /** What this process counts now, as it goes to the topic of metrics. */
  async listValues(): Promise<MetricsReport['values']> {
    const all = await this.#registry.getMetricsAsJSON();
    return all.flatMap(({ name, help, values }) =>
      values
        .map((one) => ({
          name: 'metricName' in one && typeof one.metricName === 'string' ? one.metricName : name,
          help,
          labels: Object.fromEntries(Object.entries(one.labels).map(([label, text]) => [label, String(text)])),
          value: one.value,
        }))
        .filter((one) => OWN.test(one.name) && Number.isFinite(one.value)),
    );
  }

  #declare<T>(name: string, kind: new (...settings: never[]) => T, create: () => T): T {
    const known = this.#registry.getSingleMetric(name);
    if (known instanceof kind) return known;
    if (known) throw new TypeError(`${name} is already declared as another kind of instrument`);
    return create();
  }

  #settings<Label extends string>({ name, help, labels = [] }: Declaration<Label>) {
    return { name, help, labelNames: labels, registers: [this.#registry] };
  }
}
