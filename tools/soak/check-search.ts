import type { Config } from '../../src/app/config.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { type Cluster, openCluster } from '../../src/search/opensearch.ts';

const PAGE = 5000;

type Document = Readonly<{ event_id: string; revision: number; status: string }>;
type Page = Readonly<{ _scroll_id: string; hits: Readonly<{ hits: readonly Readonly<{ _source: Document }>[] }> }>;

/** The search cluster must hold the newest revision of every event, and nothing else. */
export async function checkSearch(
  { search }: Config,
  newest: ReadonlyMap<string, PlateEvent>,
): Promise<Record<string, number>> {
  if (search.kind !== 'opensearch') throw new Error('the soak searches in OpenSearch');
  await using cluster = openCluster(search);
  const documents = await readDocuments(cluster, search.index);
  const found = new Map(documents.map((one) => [one.event_id, one]));
  const isNewest = ({ event_id, revision, status }: PlateEvent) =>
    found.get(event_id)?.revision === revision && found.get(event_id)?.status === status;
  return {
    'passages missing in search': [...newest.keys()].filter((id) => !found.has(id)).length,
    'passages doubled in search': documents.length - found.size,
    'documents that nobody sent': [...found.keys()].filter((id) => !newest.has(id)).length,
    'documents that are not the newest revision': [...newest.values()].filter(
      (event) => found.has(event.event_id) && !isNewest(event),
    ).length,
  };
}

async function readDocuments(cluster: Cluster, index: string): Promise<readonly Document[]> {
  await cluster.request({ method: 'POST', path: `/${index}/_refresh` });
  const documents: Document[] = [];
  const query = { scroll: '1m' };
  const body = { size: PAGE, sort: ['_doc'], _source: ['event_id', 'revision', 'status'] };
  let { body: page } = await cluster.request<Page>({ method: 'POST', path: `/${index}/_search`, query, body });
  while (page.hits.hits.length > 0) {
    documents.push(...page.hits.hits.map(({ _source }) => _source));
    const scroll = { scroll: '1m', scroll_id: page._scroll_id };
    page = (await cluster.request<Page>({ method: 'POST', path: '/_search/scroll', body: scroll })).body;
  }
  return documents;
}
