import type { OpenSearchConfig } from '../config.ts';
import type { Cluster } from '../opensearch.ts';
import type { Prepared, SearchIndex } from '../search-index.ts';
import { openBulkWriter } from './bulk.ts';
import { monthOf } from './document.ts';
import { countDocuments, measureDocuments, purgeRemoved, removeDocuments } from './erase.ts';
import { keepFirstTimes } from './first-times.ts';
import { beginRebuild } from './rebuild.ts';
import { describeRetention, describeTemplate } from './template.ts';

/** A cluster, and the age at which months are deleted; never where there is none. */
type IndexSettings = OpenSearchConfig & Readonly<{ retentionDays?: number | null }>;

/**
 * Monthly indices under one alias. The cluster creates each from the template when the first event of its month comes.
 */
export function openClusterIndex(cluster: Cluster, config: IndexSettings): SearchIndex {
  const writeBulk = openBulkWriter(cluster);
  const replaceBulk = openBulkWriter(cluster, 'external_gte');
  return {
    prepare: () => prepare(cluster, config),
    async write(events) {
      const dated = await keepFirstTimes(cluster, config, events);
      return writeBulk(dated, (event) => `${config.index}-${monthOf(event)}`);
    },
    replace: (events) => replaceBulk(events, (event) => `${config.index}-${monthOf(event)}`),
    measure: () => measureDocuments(cluster, config),
    count: (ids) => countDocuments(cluster, config, ids),
    remove: (ids) => removeDocuments(cluster, config, ids),
    purge: () => purgeRemoved(cluster, config),
    beginRebuild: () => beginRebuild(cluster, config),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

async function prepare(cluster: Cluster, config: IndexSettings): Promise<Prepared> {
  const body = describeTemplate(config);
  await cluster.request({ method: 'PUT', path: `/_index_template/${config.index}`, body });
  // Months from an earlier version would refuse every event because of fields they do not know.
  const { mappings } = body.template;
  await cluster.request({ method: 'PUT', path: `/${config.index}/_mapping`, body: mappings, allow: [404] });
  return setRetention(cluster, config);
}

type Policy = Readonly<{ _seq_no: number; _primary_term: number }>;

/** A cluster without the plugin does not know this address and answers 400. */
async function setRetention(cluster: Cluster, config: IndexSettings): Promise<Prepared> {
  const days = config.retentionDays;
  if (days === null || days === undefined)
    return { retention: 'none', detail: 'no privacy.retention.events_days is set: nothing is deleted' };
  const path = `/_plugins/_ism/policies/${config.index}`;
  const known = await cluster.request<Policy>({ method: 'GET', path, allow: [400, 404] });
  if (known.status === 400) {
    return {
      retention: 'unsupported',
      detail: 'the cluster has no index management (ISM): months that are too old must be deleted by hand',
    };
  }
  const { _seq_no, _primary_term } = known.body;
  const query = known.status === 404 ? {} : { if_seq_no: String(_seq_no), if_primary_term: String(_primary_term) };
  await cluster.request({ method: 'PUT', path, query, body: describeRetention(config, days) });
  return { retention: 'set', detail: `months are deleted once all of their events are older than ${days} days` };
}
