import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { stringifyYaml } from '../../src/base/yaml.ts';
import { installedFolder } from '../servers/cache.ts';
import { keepPorts } from '../servers/ports.ts';
import { answers } from '../servers/probes.ts';
import { openServerFolder, ServerControl } from '../servers/server.ts';
import { withItsFiles } from './debian.ts';

const run = promisify(execFile);

type PrometheusOptions = Readonly<{
  /** What stands in prometheus.yaml, without `rule_files`. */
  config: Readonly<Record<string, unknown>>;
  /** Files of rules. */
  rules?: readonly string[];
  /** Kept when the server is closed; without it the data are temporary. */
  folder?: string | undefined;
  /** What was measured before, as OpenMetrics with times: rules and panels may ask for weeks. */
  history?: string;
}>;

export type PrometheusServer = Readonly<{ url: string; control: ServerControl }> & AsyncDisposable;

/** A Prometheus of its own on a free port of 127.0.0.1, which keeps exemplars. */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusServer> {
  const folder = await openServerFolder('prometheus', options.folder);
  const [port = 0] = await keepPorts(1, folder);
  const at = (name: string) => join(folder.path, name);
  const rules = (options.rules ?? []).map((file) => resolve(file));
  await writeFile(at('prometheus.yaml'), stringifyYaml({ ...options.config, rule_files: rules }), { mode: 0o600 });
  if (options.history) await writeHistory(options.history, at('history.txt'), at('data'));
  const url = `http://127.0.0.1:${port}`;
  const control = await ServerControl.start({
    name: 'prometheus',
    folder,
    command: {
      command: [
        ...withItsFiles('promtool', 'prometheus'),
        `--config.file=${at('prometheus.yaml')}`,
        `--storage.tsdb.path=${at('data')}`,
        '--storage.tsdb.retention.time=60d',
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
        '--log.level=warn',
      ],
      cwd: folder.path,
    },
    isReady: () => answers(`${url}/-/ready`, [200]),
  });
  return { url, control, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}

/** The path of `prometheus` or `promtool`. */
function program(name: 'promtool'): string {
  return join(installedFolder('promtool'), 'usr', 'bin', name);
}

async function writeHistory(text: string, file: string, data: string): Promise<void> {
  await writeFile(file, text);
  await run(program('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', file, data]);
  await rm(file);
}

const sample = z.tuple([z.number(), z.string()]);
const answerSchema = z.object({
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: sample })),
    }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(sample) })),
    }),
    z.object({ resultType: z.literal('scalar'), result: sample }),
  ]),
});

/** One series that a query found, with its newest value. */
export type Found = Readonly<{ labels: Readonly<Record<string, string>>; value: number }>;

/** What a query in PromQL finds now, or at a moment in milliseconds; an error says what Prometheus has against it. */
export async function queryPrometheus(url: string, query: string, at?: number): Promise<readonly Found[]> {
  const time = at === undefined ? {} : { time: String(at / 1000) };
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query, ...time }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`Expected Prometheus to answer ${query}: ${await response.text()}`);
  const { data } = answerSchema.parse(await response.json());
  switch (data.resultType) {
    case 'scalar':
      return [{ labels: {}, value: Number(data.result[1]) }];
    case 'vector':
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    case 'matrix':
      return data.result.map(({ metric, values }) => ({ labels: metric, value: Number(values.at(-1)?.[1]) }));
  }
}
