import type { MetricsReport } from '../contract/metrics-report.ts';
import type { Declaration, Declared, InstrumentType, SecondsDeclaration } from './declaration.ts';
import { LabelBounds } from './label-bounds.ts';
import { BoundedCounter, BoundedGauge, createRegistry, formatRegistry, Seconds } from './prometheus.ts';

export type Counter<Label extends string = string> = BoundedCounter<Label>;
export type Gauge<Label extends string = string> = BoundedGauge<Label>;

/** Our own names; of most histograms the buckets are left out, because sums and counts say what gauges can. */
const OWN = /^alpr_/;
const BUCKET = /_bucket$/;

/** Of many labels they would be more than a message holds. */
const sendsBuckets = (declared?: Declared) => declared?.objective !== undefined && !declared.labels?.length;

type Kept = Readonly<{ declared: Declared; instrument: object }>;

/**
 * The instruments of one process. Each folder declares its own and only writes to them; names follow Prometheus' advice,
 * units are seconds, bytes and counts. A name that was declared before gives the same instrument.
 */
export class Telemetry {
  readonly #registry = createRegistry();
  readonly #kept = new Map<string, Kept>();
  readonly #others: Counter<'metric' | 'label'>;
  /** Since when it counts. */
  readonly startedAt = new Date();
  /** Time of each stage of an event's way, in whichever folder the stage is. */
  readonly stage: Seconds<'stage'>;

  constructor() {
    this.#others = this.counter({
      name: 'alpr_label_values_folded_total',
      help: 'Values that were counted as `other` because a label of the metric had too many',
      unit: 'none',
      advice: 'Look at the label: something names more cameras, channels or routes than there can be.',
      labels: ['metric', 'label'],
    });
    this.stage = this.seconds({
      name: 'alpr_stage_seconds',
      help: 'Time of each stage: detect, track, read, fuse, pictures, spool, publish, ingest, index, alert; of one frame, one event or one batch',
      unit: 'seconds',
      advice: 'When an event comes late, the stage that takes longer than it used to is where to look.',
      labels: ['stage'],
    });
  }

  counter<Label extends string = never>(declaration: Declaration<Label>): Counter<Label> {
    return this.#declare(declaration, 'counter', () => new BoundedCounter(...this.#prepare(declaration)));
  }

  gauge<Label extends string = never>(declaration: Declaration<Label>): Gauge<Label> {
    return this.#declare(declaration, 'gauge', () => new BoundedGauge(...this.#prepare(declaration)));
  }

  /** A histogram from a millisecond to five seconds. */
  seconds<Label extends string = never>(declaration: SecondsDeclaration<Label>): Seconds<Label> {
    const create = () => new Seconds(...this.#prepare(declaration), declaration.objective);
    return this.#declare(declaration, 'histogram', create);
  }

  /** Every instrument of this process, in the order of declaration. */
  listDeclared(): readonly Declared[] {
    return [...this.#kept.values()].map(({ declared }) => declared);
  }

  /** Everything in the text format of Prometheus or, where `accept` of a request asks for it, in that of OpenMetrics. */
  format(accept = ''): Promise<Readonly<{ type: string; text: string }>> {
    return formatRegistry(this.#registry, accept.includes('application/openmetrics-text'));
  }

  /** What this process counts now, as it goes to the topic of metrics. */
  async listValues(): Promise<MetricsReport['values']> {
    const all = await this.#registry.getMetricsAsJSON();
    return all.flatMap(({ name, help, values }) => {
      const declared = this.#kept.get(name)?.declared;
      if (!OWN.test(name) || declared?.isReported === false) return [];
      return values
        .map((one) => ({
          name: 'metricName' in one && typeof one.metricName === 'string' ? one.metricName : name,
          help,
          labels: Object.fromEntries(Object.entries(one.labels).map(([label, text]) => [label, String(text)])),
          value: one.value,
        }))
        .filter((one) => Number.isFinite(one.value) && (sendsBuckets(declared) || !BUCKET.test(one.name)));
    });
  }

  #declare<Label extends string, T extends object>(
    declaration: SecondsDeclaration<Label>,
    type: InstrumentType,
    create: () => T,
  ): T {
    const { name } = declaration;
    const known = this.#kept.get(name);
    if (known && known.declared.type !== type)
      throw new TypeError(`${name} is already declared as another kind of instrument`);
    // An instrument of one type is of one class.
    if (known) return known.instrument as T;
    const instrument = create();
    this.#kept.set(name, { declared: { ...declaration, type }, instrument });
    return instrument;
  }

  #prepare<Label extends string>({ name, help, labels = [], most }: Declaration<Label>) {
    const bounds = new LabelBounds({ labels, most, onOther: (label) => this.#others.inc({ metric: name, label }) });
    const settings = { name, help, labelNames: labels, registers: [this.#registry] };
    return [settings, bounds] as const;
  }
}
