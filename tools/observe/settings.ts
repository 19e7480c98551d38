import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseYaml } from '../../src/base/yaml.ts';

const DEPLOY = join(import.meta.dirname, '..', '..', 'deploy');
const scrape = z.looseObject({ job_name: z.string() });
const prometheusSchema = z.looseObject({
  global: z.looseObject({}),
  alerting: z.looseObject({}),
  scrape_configs: z.array(scrape),
});

/** Addresses for a job: of one service, or of what has no name of its own. */
export type Target = Readonly<{ job: string; port: number; service?: string }>;

type Watched = Readonly<{
  targets: readonly Target[];
  /** File with the token for `/metrics`. */
  tokenFile: string;
  alertmanager: string;
  /** What people use, looked at through the blackbox exporter. */
  pages: readonly string[];
  /** Seconds between two looks; 15 unless told. */
  every?: number | undefined;
}>;

/** deploy/prometheus/prometheus.yaml for what runs at these addresses; jobs without any are left out. */
export async function createPrometheusSettings(watched: Watched): Promise<Record<string, unknown>> {
  const { every = 15, targets, tokenFile } = watched;
  const text = await readFile(join(DEPLOY, 'prometheus', 'prometheus.yaml'), 'utf8');
  const { rule_files: _, ...settings } = prometheusSchema.parse(parseYaml(text));
  const jobs = settings.scrape_configs.flatMap((job) => {
    const found = targets.filter((one) => one.job === job.job_name);
    if (found.length === 0) return [];
    const isPages = job.job_name === 'blackbox';
    const static_configs = isPages
      ? [{ targets: watched.pages }]
      : found.map(({ port, service }) => ({
          targets: [`127.0.0.1:${port}`],
          labels: { site: 'home', ...(service && { service }) },
        }));
    const { file_sd_configs: _files, ...kept } = job;
    const told = JSON.stringify({ ...kept, static_configs })
      .replaceAll('/run/tokens/metrics', tokenFile)
      .replaceAll('127.0.0.1:9115', `127.0.0.1:${found[0]?.port}`);
    return [JSON.parse(told)];
  });
  const known = new Set(settings.scrape_configs.map(({ job_name: name }) => name));
  const others = targets.filter(({ job }) => !known.has(job));
  return {
    ...settings,
    global: { scrape_interval: `${every}s`, evaluation_interval: `${every}s` },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(watched.alertmanager).host] }] }] },
    scrape_configs: [
      ...jobs,
      ...others.map(({ job, port }) => ({ job_name: job, static_configs: [{ targets: [`127.0.0.1:${port}`] }] })),
    ],
  };
}

/** deploy/alertmanager/alertmanager.yaml for an API at that address; `isHasty` waits for nobody. */
export async function createAlertmanagerSettings(
  options: Readonly<{ api: string; tokenFile: string; isHasty: boolean }>,
): Promise<Record<string, unknown>> {
  const text = await readFile(join(DEPLOY, 'alertmanager', 'alertmanager.yaml'), 'utf8');
  const hasty = options.isHasty
    ? text.replace(/^( +group_wait): .+$/m, '$1: 0s').replace(/^( +(?:group|repeat)_interval): .+$/gm, '$1: 1s')
    : text;
  const told = hasty.replace('http://127.0.0.1:8000', options.api).replace('/run/tokens/alarms', options.tokenFile);
  return z.looseObject({}).parse(parseYaml(told));
}
