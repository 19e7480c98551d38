import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenSearchConfig } from '../config.ts';
import type { Cluster } from '../opensearch.ts';

/** Ids in one query; a terms query takes 65,536. */
const AT_ONCE = 5000;

/** How long the cluster may take to let go of removed documents, and how often it is asked, milliseconds. */
const PURGE_MS = 120_000;
const LOOK_MS = 5000;

type Index = Readonly<{ index: string; 'docs.count': string | null; 'store.size': string | null }>;
type Stats = Readonly<{ _all: Readonly<{ primaries: Readonly<{ docs: Readonly<{ deleted: number }> }> }> }>;

/** Our indices by their own names: those that are searched, and those that a rebuild fills. */
async function listOwn(cluster: Cluster, { index }: OpenSearchConfig): Promise<readonly Index[]> {
  const { status, body } = await cluster.request<readonly Index[]>({
    method: 'GET',
    path: `/_cat/indices/${index}*`,
    query: { format: 'json', bytes: 'b', h: 'index,docs.count,store.size' },
    allow: [404],
  });
  if (status === 404) return [];
  return body.filter((one) => /^(\.\d{14})?-\d{4}\.\d\d$/.test(one.index.slice(index.length)));
}

/** Documents and bytes of all our indices. */
export async function measureDocuments(cluster: Cluster, config: OpenSearchConfig) {
  const own = await listOwn(cluster, config);
  const sum = (field: 'docs.count' | 'store.size') => own.reduce((total, one) => total + Number(one[field] ?? 0), 0);
  return { count: sum('docs.count'), bytes: sum('store.size') };
}

/** How many documents there are of these events. */
export function countDocuments(cluster: Cluster, config: OpenSearchConfig, ids: readonly string[]): Promise<number> {
  return overIds(cluster, config, ids, async (index, query) => {
    await cluster.request({ method: 'POST', path: `/${index}/_refresh` });
    const { body } = await cluster.request<{ count: number }>({
      method: 'POST',
      path: `/${index}/_count`,
      body: { query },
    });
    return body.count;
  });
}

/** Removes the documents of these events from every index of ours. */
export function removeDocuments(cluster: Cluster, config: OpenSearchConfig, ids: readonly string[]): Promise<number> {
  return overIds(cluster, config, ids, async (index, query) => {
    await cluster.request({ method: 'POST', path: `/${index}/_refresh` });
    const { body } = await cluster.request<{ deleted: number }>({
      method: 'POST',
      path: `/${index}/_delete_by_query`,
      query: { conflicts: 'proceed', refresh: 'true' },
      body: { query },
    });
    return body.deleted;
  });
}

type EachIndex = (index: string, query: object) => Promise<number>;

async function overIds(
  cluster: Cluster,
  config: OpenSearchConfig,
  ids: readonly string[],
  ask: EachIndex,
): Promise<number> {
  let sum = 0;
  for (const { index } of await listOwn(cluster, config)) {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      sum += await ask(index, { ids: { values: ids.slice(at, at + AT_ONCE) } });
    }
  }
  return sum;
}

/**
 * Rewrites the segments that hold removed documents and cuts the log of operations. The cluster keeps what was removed until
 * its copies have told that they have it, which they do every 30 seconds.
 */
export async function purgeRemoved(cluster: Cluster, config: OpenSearchConfig): Promise<boolean> {
  const deadline = performance.now() + PURGE_MS;
  for (const { index } of await listOwn(cluster, config)) {
    const allow = (percent: number | null) =>
      cluster.request({
        method: 'PUT',
        path: `/${index}/_settings`,
        body: { 'index.merge.policy.expunge_deletes_allowed': percent },
      });
    await allow(0);
    try {
      while (!(await purgeOnce(cluster, index))) {
        if (performance.now() > deadline) return false;
        await sleep(LOOK_MS);
      }
    } finally {
      await allow(null);
    }
  }
  return true;
}

async function purgeOnce(cluster: Cluster, index: string): Promise<boolean> {
  await cluster.request({ method: 'POST', path: `/${index}/_flush`, query: { force: 'true' } });
  await cluster.request({ method: 'POST', path: `/${index}/_forcemerge`, query: { only_expunge_deletes: 'true' } });
  await cluster.request({ method: 'POST', path: `/${index}/_refresh` });
  const { body } = await cluster.request<Stats>({ method: 'GET', path: `/${index}/_stats/docs` });
  return body._all.primaries.docs.deleted === 0;
}
