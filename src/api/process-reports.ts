import { hostname } from 'node:os';
import type { Log } from '../base/log.ts';
import { type Arrival, type Bus, Undecodable } from '../bus/bus.ts';
import { modelVersionSchema, type SystemProcess } from '../contract/api/system.ts';
import type { MetricsReport } from '../contract/metrics-report.ts';

/** After so many missed reports a process counts as silent. */
const MISSED = 4;

/** For how long a silent one is still shown, milliseconds. */
const KEPT_MS = 86_400_000;

/** Most processes that are remembered. */
const MOST = 5000;

type Said = Omit<SystemProcess, 'is_this' | 'is_silent'> & Readonly<{ silentFrom: number }>;

/** What the processes of the whole system last reported of themselves on the bus. */
export class ProcessReports implements AsyncDisposable {
  readonly #said = new Map<string, Said>();
  #member: AsyncDisposable | undefined;

  /** Listens from now on: whoever runs reports again within seconds. */
  async open({ bus, log }: Readonly<{ bus: Bus; log: Log }>): Promise<void> {
    const onlooker = { group: 'system', isOnlooker: true, maxBatch: 100, maxWaitMs: 50 };
    this.#member = await bus.subscribe({ topic: 'metrics', ...onlooker }, async (batch) => this.#take(batch, log));
  }

  /** All that reported in the last day, by service and instance. */
  list(now = Date.now()): readonly SystemProcess[] {
    const own = `${hostname()}-${process.pid}`;
    for (const [key, said] of this.#said) if (Date.parse(said.reported_at) < now - KEPT_MS) this.#said.delete(key);
    return [...this.#said]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { silentFrom, ...said }]) => ({ ...said, is_this: said.instance === own, is_silent: silentFrom < now }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#member?.[Symbol.asyncDispose]();
  }

  #take(batch: readonly Arrival<MetricsReport>[], log: Log): void {
    for (const arrival of batch) {
      const report = arrival.read();
      if (report instanceof Undecodable) {
        log.debug({ err: report.error }, 'a report of metrics is not understood');
        continue;
      }
      const key = `${report.service}/${report.site_id}/${report.instance}`;
      if (!this.#said.has(key) && this.#said.size >= MOST) continue;
      this.#said.set(key, summarize(report));
    }
  }
}

function summarize({ values, ...report }: MetricsReport): Said {
  const of = (name: string) => values.filter((one) => one.name === name);
  const sumOf = (name: string) => of(name).reduce((sum, { value }) => sum + value, 0);
  const oldest = sumOf('alpr_spool_oldest_timestamp_seconds');
  const contact = sumOf('alpr_model_registry_contact_timestamp_seconds');
  const spool = {
    entries: sumOf('alpr_spool_entries'),
    bytes: sumOf('alpr_spool_bytes'),
    oldest_at: oldest > 0 ? new Date(1000 * oldest).toISOString() : null,
  };
  return {
    site_id: report.site_id,
    service: report.service,
    instance: report.instance,
    version: of('alpr_build_info')[0]?.labels.version ?? null,
    started_at: report.started_at ?? null,
    reported_at: report.at,
    lag: of('alpr_consumer_lag').map(({ labels: { topic = '', group = '' }, value }) => ({
      topic,
      group,
      messages: value,
    })),
    spool: of('alpr_spool_entries').length > 0 ? spool : null,
    dead_letter_count: sumOf('alpr_dead_letters_total'),
    models: of('alpr_model_info').map(({ labels: { model = '', kind = '', provider = '', cameras } }) => ({
      ...{ model, kind, provider, cameras: cameras === 'chosen' ? ('chosen' as const) : ('all' as const) },
    })),
    model_versions: of('alpr_model_version').flatMap(({ labels }) => modelVersionSchema.safeParse(labels).data ?? []),
    model_registry_contact_at: contact > 0 ? new Date(1000 * contact).toISOString() : null,
    // By our own clock, because theirs may be wrong.
    silentFrom: Date.now() + MISSED * 1000 * report.every_s,
  };
}
