import type { OpenSearchConfig } from '../config.ts';
import type { Cluster } from '../opensearch.ts';
import type { Rebuild, RebuildState } from '../search-index.ts';
import { openBulkWriter } from './bulk.ts';
import { monthOf } from './document.ts';
import { switchIndices } from './switch-indices.ts';
import { describeIndex } from './template.ts';

/** The index that a rebuild fills for one month; it joins the alias only when all of them are filled. */
export function nameRebuilt(config: OpenSearchConfig, run: string, month: string): string {
  return `${config.index}.${run}-${month}`;
}

/** Continues the rebuild that the cluster remembers, or begins one. */
export async function beginRebuild(cluster: Cluster, config: OpenSearchConfig): Promise<Rebuild> {
  const path = `/${config.index}.rebuild/_doc/state`;
  const save = (state: RebuildState) =>
    cluster.request({ method: 'PUT', path, query: { refresh: 'true' }, body: state });
  const known = await cluster.request<Readonly<{ _source?: RebuildState }>>({ method: 'GET', path, allow: [404] });
  let state = known.body._source ?? beginState(new Date());
  if (!known.body._source) await save(state);
  const writeBulk = openBulkWriter(cluster);
  const made = new Set<string>();
  const ensure = async (month: string): Promise<string> => {
    const name = nameRebuilt(config, state.run, month);
    if (!made.has(name)) await createRebuilt(cluster, config, name);
    made.add(name);
    return name;
  };
  return {
    get state() {
      return state;
    },
    async write(events, { done }) {
      for (const month of new Set(events.map(monthOf))) await ensure(month);
      const indexed = await writeBulk(events, (event) => nameRebuilt(config, state.run, monthOf(event)));
      const last = events.at(-1);
      if (last) state = { ...state, done, at: last.detected_at, id: last.event_id };
      await save(state);
      return indexed;
    },
    async finish() {
      const switched = await switchIndices(cluster, { config, run: state.run, since: state.startedAt, ensure });
      await cluster.request({ method: 'DELETE', path: `/${config.index}.rebuild`, allow: [404] });
      return switched;
    },
  };
}

function beginState(now: Date): RebuildState {
  const startedAt = now.toISOString();
  return { run: startedAt.replace(/\D/g, '').slice(0, 14), startedAt, done: 0, at: null, id: null };
}

/** Created without replicas and refreshes until it is searched. */
async function createRebuilt(cluster: Cluster, config: OpenSearchConfig, name: string): Promise<void> {
  const known = await cluster.request({ method: 'HEAD', path: `/${name}`, allow: [404] });
  if (known.status !== 404) return;
  const { settings, mappings } = describeIndex(config);
  const body = { settings: { ...settings, number_of_replicas: 0, refresh_interval: '-1' }, mappings };
  await cluster.request({ method: 'PUT', path: `/${name}`, body });
}
