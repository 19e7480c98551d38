import { AlprError } from '../../base/errors.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Cluster } from '../opensearch.ts';
import type { Indexed } from '../search-index.ts';
import { documentOf, idOf } from './document.ts';

type Item = Readonly<{ _id: string; status: number; error?: Readonly<{ type: string; reason: string }> }>;
type BulkAnswer = Readonly<{ items: readonly Readonly<{ index: Item }>[] }>;

const CONFLICT = 409;

/**
 * Writes events in one request, each into the index that `indexOf` names, under its revision as the external version: of two
 * revisions the higher one stays, in whichever order they come. SEARCH_UNAVAILABLE when the cluster could not take all.
 */
export async function writeBulk(
  cluster: Cluster,
  events: readonly PlateEvent[],
  indexOf: (event: PlateEvent) => string,
): Promise<Indexed> {
  if (events.length === 0) return { written: 0, stale: 0, refused: [] };
  const indexedAt = new Date().toISOString();
  const lines = events.flatMap((event) => [
    { index: { _index: indexOf(event), _id: idOf(event), version: event.revision, version_type: 'external' } },
    documentOf(event, indexedAt),
  ]);
  const { body } = await cluster.request<BulkAnswer>({ method: 'POST', path: '/_bulk', lines });
  const items = body.items.map(({ index }) => index);
  const away = items.find(({ status, error }) => status !== CONFLICT && error !== undefined && !isRefusal(status));
  if (away) {
    const told = `${away.status} ${away.error?.type}: ${away.error?.reason}`;
    throw new AlprError(
      'SEARCH_UNAVAILABLE',
      `Expected OpenSearch to take all of ${events.length} events, got ${told}`,
    );
  }
  return {
    written: items.filter(({ error }) => error === undefined).length,
    stale: items.filter(({ status }) => status === CONFLICT).length,
    refused: items.flatMap(({ _id, status, error }) =>
      error && isRefusal(status) ? [{ id: _id, reason: `${error.type}: ${error.reason}` }] : [],
    ),
  };
}

/** Only what the document itself holds is refused for good; anything else may pass later. */
function isRefusal(status: number): boolean {
  return status === 400;
}
