import { setTimeout as sleep } from 'node:timers/promises';
import { AlprError } from '../../base/errors.ts';
import type { OpenSearchConfig } from '../config.ts';
import type { Cluster } from '../opensearch.ts';
import { describeIndex } from './template.ts';

/** The clocks of indexing machines may differ by this much, milliseconds. */
const CLOCKS_MS = 600_000;
const LOOK_MS = 250;

type Job = Readonly<{
  config: OpenSearchConfig;
  run: string;
  /** When the rebuild began: it may lack what was indexed since then. */
  since: string;
  /** The rebuilt index of a month, made where it is not there. */
  ensure: (month: string) => Promise<string>;
}>;

/**
 * Switches searches and writes from the old indices to the rebuilt ones in one step. First it copies what was indexed
 * since the rebuild began: most of it while writes continue, the rest while the old indices refuse writes. Writers
 * treat that like a cluster that is away and retry.
 */
export async function switchIndices(
  cluster: Cluster,
  job: Job,
): Promise<Readonly<{ indices: number; events: number }>> {
  const old = (await listIndices(cluster, `${job.config.index}-*`)).filter((name) => isOld(name, job));
  const passed = new Date();
  await takeOver(cluster, old, job, new Date(job.since));
  await blockWrites(cluster, old, true);
  try {
    await takeOver(cluster, old, job, passed);
    const rebuilt = await finishRebuilt(cluster, job);
    await cluster.request({ method: 'POST', path: '/_aliases', body: { actions: listActions(job, old, rebuilt) } });
    const path = `/${job.config.index}/_count`;
    const query = { ignore_unavailable: 'true', allow_no_indices: 'true' };
    const { body } = await cluster.request<{ count: number }>({ method: 'GET', path, query });
    return { indices: rebuilt.length, events: body.count };
  } catch (error) {
    await blockWrites(cluster, old, false);
    throw error;
  }
}

/** Indices by their own names, whatever alias the pattern matches. */
async function listIndices(cluster: Cluster, pattern: string): Promise<readonly string[]> {
  const query = { allow_no_indices: 'true' };
  const { body } = await cluster.request<object>({ method: 'GET', path: `/${pattern}/_alias`, query, allow: [404] });
  return 'error' in body ? [] : Object.keys(body);
}

/**
 * Excludes indices of an installation whose name begins like ours, and those of this rebuild, which may already be in
 * place if the answer to the switch was lost.
 */
function isOld(name: string, { config: { index }, run }: Job): boolean {
  const rest = name.slice(index.length);
  return name.startsWith(index) && /^(\.\d{14})?-\d{4}\.\d\d$/.test(rest) && !rest.startsWith(`.${run}-`);
}

const monthIn = (index: string) => index.slice(-'2026.05'.length);

async function takeOver(cluster: Cluster, old: readonly string[], job: Job, since: Date): Promise<void> {
  const gte = new Date(since.getTime() - CLOCKS_MS).toISOString();
  const query = { range: { indexed_at: { gte } } };
  for (const index of old) {
    await cluster.request({ method: 'POST', path: `/${index}/_refresh` });
    const { body } = await cluster.request<{ count: number }>({
      method: 'POST',
      path: `/${index}/_count`,
      body: { query },
    });
    if (body.count === 0) continue;
    const dest = { index: await job.ensure(monthIn(index)), version_type: 'external' };
    await runTask(cluster, { conflicts: 'proceed', source: { index, query }, dest });
  }
}

type Task = Readonly<{
  completed: boolean;
  error?: Readonly<{ reason: string }>;
  response?: Readonly<{ failures: readonly object[] }>;
}>;

/** Copies inside the cluster and waits as long as it takes. A restarted node has forgotten the copy. */
async function runTask(cluster: Cluster, body: object): Promise<void> {
  const query = { wait_for_completion: 'false' };
  const begun = await cluster.request<{ task: string }>({ method: 'POST', path: '/_reindex', query, body });
  for (;;) {
    const { status, body: task } = await cluster.request<Task>({
      method: 'GET',
      path: `/_tasks/${begun.body.task}`,
      allow: [404],
    });
    if (status === 404) throw new AlprError('SEARCH_UNAVAILABLE', 'Expected OpenSearch to go on copying, it restarted');
    if (task.completed) {
      const failure = task.error?.reason ?? task.response?.failures[0];
      if (failure === undefined) return;
      throw new AlprError('SEARCH_REFUSED', `OpenSearch did not copy the newest events: ${JSON.stringify(failure)}`);
    }
    await sleep(LOOK_MS);
  }
}

async function blockWrites(cluster: Cluster, indices: readonly string[], blocked: boolean): Promise<void> {
  for (const index of indices) {
    const body = { 'index.blocks.write': blocked ? true : null };
    await cluster.request({ method: 'PUT', path: `/${index}/_settings`, body, allow: [404] });
  }
}

/** Gives the rebuilt indices the settings that were switched off while they were filled. */
async function finishRebuilt(cluster: Cluster, { config, run }: Job): Promise<readonly string[]> {
  const rebuilt = await listIndices(cluster, `${config.index}.${run}-*`);
  const { number_of_replicas, refresh_interval } = describeIndex(config).settings;
  for (const index of rebuilt) {
    const body = { index: { number_of_replicas, refresh_interval } };
    await cluster.request({ method: 'PUT', path: `/${index}/_settings`, body });
    await cluster.request({ method: 'POST', path: `/${index}/_refresh` });
  }
  return rebuilt;
}

function listActions({ config }: Job, old: readonly string[], rebuilt: readonly string[]): readonly object[] {
  return [
    ...rebuilt.flatMap((index) => [
      { add: { index, alias: config.index } },
      { add: { index, alias: `${config.index}-${monthIn(index)}` } },
    ]),
    ...old.map((index) => ({ remove_index: { index } })),
  ];
}
