import { prom, type Query } from './panel.ts';

/** Of the chosen sites, and of the chosen cameras; labels that a process lacks are no reason to leave it out. */
export const SITE = 'site=~"$site"';
export const CAMERA = `${SITE},camera=~"$camera"`;

const WINDOW = '[$__rate_interval]';

type Of = Readonly<{ metric: string; where?: string; by?: string }>;

/** How often something is counted each second; `by` names labels to keep apart. */
export function perSecond({ metric, where = SITE, by }: Of): string {
  return `sum${by ? ` by (${by}) ` : ''}(rate(${metric}{${where}}${WINDOW}))`;
}

export function perMinute(of: Of): string {
  return `60 * ${perSecond(of)}`;
}

/** What a counter stands at since its processes began: a first fault shows, which no rate would. */
export function total({ metric, where = SITE, by }: Of): string {
  return orZero(`sum${by ? ` by (${by}) ` : ''}(${metric}{${where}})`);
}

/** A counter that was never counted up has no series, which means zero. */
export function orZero(text: string): string {
  return `${text} or on() vector(0)`;
}

/** How many of these gauges are 0, which stands for what does not work; one that no process has counts for nothing. */
export function countStandstills(metrics: readonly string[]): string {
  return metrics.map((metric) => `(${orZero(`count(${metric}{${SITE}} == 0)`)})`).join(' + ');
}

/** Below which a share of the observations of a histogram lie; nothing where there were none. */
export function quantile(share: number, { metric, where = SITE, by }: Of): string {
  const buckets = `sum by (le${by ? `, ${by}` : ''}) (rate(${metric}_bucket{${where}}${WINDOW}))`;
  return `histogram_quantile(${share}, ${buckets}) >= 0`;
}

/** Median, 95 and 99 % of a histogram, with exemplars. */
export function quantiles(of: Of): readonly Query[] {
  return [
    prom(quantile(0.5, of), 'half'),
    prom(quantile(0.95, of), '95 %'),
    prom(quantile(0.99, of), '99 %', { exemplars: true }),
  ];
}

/** Buckets of a histogram for a heat map. */
export function buckets({ metric, where = SITE }: Of): Query {
  return prom(`sum by (le) (increase(${metric}_bucket{${where}}${WINDOW}))`, '{{le}}', { exemplars: true });
}

/** Share of the observations of a histogram that took no longer than a bucket's bound. */
export function shareWithin(seconds: number, { metric, where = SITE }: Of): string {
  const all = `sum(rate(${metric}_count{${where}}${WINDOW})) > 0`;
  // OpenMetrics writes whole numbers with a decimal.
  const bound = Number.isInteger(seconds) ? `le=~"${seconds}(\\\\.0)?"` : `le="${seconds}"`;
  return `sum(rate(${metric}_bucket{${where},${bound}}${WINDOW})) / (${all})`;
}
