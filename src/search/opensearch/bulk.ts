import { AlprError } from '../../base/errors.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Cluster } from '../opensearch.ts';
import type { Indexed } from '../search-index.ts';
import { documentOf, idOf } from './document.ts';

type Item = Readonly<{ _id: string; status: number; error?: Readonly<{ type: string; reason: string }> }>;
type BulkAnswer = Readonly<{ items: readonly Readonly<{ index: Item }>[] }>;

const CONFLICT = 409;
const TOO_LARGE = 413;
const OVERLOADED = 429;
/** Growth of a request after a batch that passed: slow, because what was too much before will be too much again. */
const GROWTH = 1.125;

/** Writes events, each into the index that `indexOf` names. */
export type WriteBulk = (events: readonly PlateEvent[], indexOf: (event: PlateEvent) => string) => Promise<Indexed>;

/** Which revision stays: the higher one, or of equal ones the one that comes last. */
type Version = 'external' | 'external_gte';

/**
 * Writes batches in requests of a size that the cluster can handle: half as large after one that was too large or too
 * slow, larger again as batches pass. SEARCH_OVERLOADED after each failed request, so that the caller waits and
 * retries; an event that is too large by itself is refused.
 */
export function openBulkWriter(cluster: Cluster, version: Version = 'external'): WriteBulk {
  let atOnce = Number.POSITIVE_INFINITY;
  return async (events, indexOf) => {
    const parts: Indexed[] = [];
    for (let start = 0; start < events.length; ) {
      const part = events.slice(start, start + atOnce);
      try {
        parts.push(await writeBulk({ cluster, version, indexOf }, part));
      } catch (error) {
        if (!(error instanceof AlprError) || error.code !== 'SEARCH_OVERLOADED') throw error;
        atOnce = Math.ceil(part.length / 2);
        throw error;
      }
      start += part.length;
    }
    atOnce = Math.ceil(atOnce * GROWTH);
    return {
      written: sum(parts.map(({ written }) => written)),
      stale: sum(parts.map(({ stale }) => stale)),
      refused: parts.flatMap(({ refused }) => refused),
    };
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

type Target = Readonly<{ cluster: Cluster; version: Version; indexOf: (event: PlateEvent) => string }>;

/**
 * Writes events in one request with their revision as the external version, so the higher revision stays in whatever
 * order they come. SEARCH_UNAVAILABLE or SEARCH_OVERLOADED when the cluster could not take all.
 */
async function writeBulk({ cluster, version, indexOf }: Target, events: readonly PlateEvent[]): Promise<Indexed> {
  const indexedAt = new Date().toISOString();
  const lines = events.flatMap((event) => [
    { index: { _index: indexOf(event), _id: idOf(event), version: event.revision, version_type: version } },
    documentOf(event, indexedAt),
  ]);
  const { status, body } = await cluster.request<BulkAnswer>({
    method: 'POST',
    path: '/_bulk',
    lines,
    allow: [TOO_LARGE],
  });
  if (status === TOO_LARGE) return refuseTooLarge(events);
  const items = body.items.map(({ index }) => index);
  const away = items.find(({ status, error }) => status !== CONFLICT && error !== undefined && !isRefusal(status));
  if (away) {
    const told = `${away.status} ${away.error?.type}: ${away.error?.reason}`;
    throw new AlprError(
      away.status === OVERLOADED ? 'SEARCH_OVERLOADED' : 'SEARCH_UNAVAILABLE',
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

function refuseTooLarge(events: readonly PlateEvent[]): Indexed {
  const [only, ...others] = events;
  if (!only || others.length > 0)
    throw new AlprError('SEARCH_OVERLOADED', `OpenSearch takes no request as large as ${events.length} events`);
  return { written: 0, stale: 0, refused: [{ id: idOf(only), reason: 'too large for a request' }] };
}

/** Only errors in the document itself are final; anything else may pass later. */
function isRefusal(status: number): boolean {
  return status === 400;
}
