import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type LabelValues,
  type Metric,
  type OpenMetricsContentType,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import { traceIdOf } from '../contract/trace-id.ts';
import type { LabelBounds } from './label-bounds.ts';

type Settings<Label extends string> = Readonly<{
  name: string;
  help: string;
  labelNames: readonly Label[];
  registers: OwnRegistry[];
}>;

type OwnRegistry = Registry<OpenMetricsContentType>;

/** A registry that takes exemplars and has the figures of the runtime. */
export function createRegistry(): OwnRegistry {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Everything in the text format of Prometheus or, with exemplars, in that of OpenMetrics. */
export async function formatRegistry(
  registry: OwnRegistry,
  isOpenMetrics: boolean,
): Promise<Readonly<{ type: string; text: string }>> {
  const views = new Registry<RegistryContentType>();
  views.setContentType(isOpenMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE);
  // The types of the library leave out what an instrument is.
  for (const metric of registry.getMetricsAsArray() as unknown as readonly Metric[]) {
    views.registerMetric(isOpenMetrics && metric instanceof Counter ? declareOpenly(metric) : metric);
  }
  return { type: views.contentType, text: await views.metrics() };
}

/** In OpenMetrics a counter is declared without _total, which the library would take from the counter itself for good. */
function declareOpenly(counter: Counter): Metric {
  const get = async () => ({ ...(await counter.get()), name: readName(counter).replace(/_total$/, '') });
  return Object.create(counter, { name: { value: readName(counter), writable: true }, get: { value: get } }) as Counter;
}

function readName(counter: Counter): string {
  return 'name' in counter ? String(counter.name) : '';
}

type Increase<Label extends string> = (labels?: LabelValues<Label> | number, value?: number) => void;

/** A counter whose labels cannot grow without end. */
export class BoundedCounter<Label extends string> extends Counter<Label> {
  constructor(settings: Settings<Label>, bounds: LabelBounds) {
    super(settings);
    // The library puts its own function on each counter, over what a class has.
    const inc = this.inc.bind(this) as Increase<Label>;
    const incBounded: Increase<Label> = (labels, value) =>
      typeof labels === 'object' ? inc(bounds.fit(labels), value) : inc(labels);
    this.inc = incBounded as typeof this.inc;
  }
}

/** A gauge whose labels cannot grow without end; what there is too many of is shown as that which was set last. */
export class BoundedGauge<Label extends string> extends Gauge<Label> {
  readonly #bounds: LabelBounds;

  constructor(settings: Settings<Label>, bounds: LabelBounds) {
    super(settings);
    this.#bounds = bounds;
  }

  override set(labels: LabelValues<Label> | number, value?: number): void {
    if (typeof labels === 'object') super.set(this.#bounds.fit(labels), value ?? Number.NaN);
    else super.set(labels);
  }
}

/** From a millisecond to five seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** How long something took. Of each bucket the newest observation that ended in an event is kept as its exemplar. */
export class Seconds<Label extends string> {
  readonly #histogram: Histogram<Label>;
  readonly #bounds: LabelBounds;

  constructor(settings: Settings<Label>, bounds: LabelBounds, objective?: number) {
    const buckets = [...new Set([...BUCKETS, ...(objective === undefined ? [] : [objective])])].sort((a, b) => a - b);
    this.#histogram = new Histogram({ ...settings, buckets, enableExemplars: true });
    this.#bounds = bounds;
  }

  /** Counts one, and keeps which event it ended in. */
  observe(labels: LabelValues<Label>, value: number, eventId?: string): void {
    // The types of the library hold the labels of exemplars for those of the metric.
    const exemplarLabels = (eventId === undefined ? {} : { trace_id: traceIdOf(eventId) }) as LabelValues<Label>;
    this.#histogram.observe({ labels: this.#bounds.fit(labels), value, exemplarLabels });
  }

  /** Begins to measure; the answer ends it and says how many seconds it took. */
  startTimer(labels: LabelValues<Label> = {}): (eventId?: string) => number {
    const started = performance.now();
    return (eventId) => {
      const seconds = (performance.now() - started) / 1000;
      this.observe(labels, seconds, eventId);
      return seconds;
    };
  }
}
