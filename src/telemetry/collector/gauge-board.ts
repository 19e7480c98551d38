import type { MetricsReport } from '../../contract/metrics-report.ts';
import type { Declaration } from '../declaration.ts';

/** The one figure that is the board's own. */
export const REPORT_AGE = {
  name: 'alpr_report_age_seconds',
  help: 'Age of the newest figures of a process',
  unit: 'seconds',
  advice:
    'When processes vanish from it, one is down or cannot reach the broker; after four missed reports it is gone.',
  labels: ['site', 'service', 'instance'],
} as const satisfies Declaration;

/** After so many missed reports a process counts as gone. */
const MISSED = 4;

type Kept = Readonly<{ report: MetricsReport; until: number }>;

/** The newest figures of all processes as gauges; those of a process that reports no more are taken down. */
export class GaugeBoard {
  readonly #kept = new Map<string, Kept>();

  /** Puts up a report, unless a newer one of the same process stands there already. `now` in milliseconds. */
  put(report: MetricsReport, now: number): void {
    const key = `${report.site_id}/${report.service}/${report.instance}`;
    const known = this.#kept.get(key);
    if (known && known.report.at > report.at) return;
    this.#kept.set(key, { report, until: now + MISSED * 1000 * report.every_s });
  }

  /** Everything in Prometheus’s text format; `alpr_report_age_seconds` says how old each process's figures are. */
  format(now: number): string {
    const families = new Map<string, { help: string; lines: string[] }>();
    const add = (name: string, help: string, line: string) => {
      const family = families.get(name) ?? { help, lines: [] };
      family.lines.push(line);
      families.set(name, family);
    };
    for (const [key, { report, until }] of this.#kept) {
      if (until < now) {
        this.#kept.delete(key);
        continue;
      }
      const { site_id: site, service, instance } = report;
      const origin = { site, service, instance };
      const age = Math.max(0, (now - Date.parse(report.at)) / 1000);
      add(REPORT_AGE.name, REPORT_AGE.help, `${REPORT_AGE.name}${formatLabels(origin)} ${age}`);
      for (const { name, help, labels, value } of report.values) {
        add(name, help, `${name}${formatLabels({ ...labels, ...origin })} ${value}`);
      }
    }
    return [...families].map(([name, family]) => formatFamily(name, family)).join('');
  }
}

function formatFamily(name: string, { help, lines }: Readonly<{ help: string; lines: readonly string[] }>): string {
  const explained = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${explained}\n# TYPE ${name} gauge\n${lines.join('\n')}\n`;
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const quote = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${quote(text)}"`);
  return `{${pairs.join(',')}}`;
}
