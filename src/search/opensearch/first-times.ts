import type { PlateEvent } from '../../contract/plate-event.ts';
import type { OpenSearchConfig } from '../config.ts';
import type { Cluster } from '../opensearch.ts';
import { idOf, monthOf } from './document.ts';

type Found = Readonly<{ _id: string; found?: boolean; _source?: Readonly<{ detected_at: string }> }>;

/** By how much the times of two revisions may differ and still be found to be of one event, milliseconds. */
const APART_MS = 7 * 86_400_000;

/**
 * The events with the time under which each was indexed first, as the database has them. An event is looked for in its month,
 * and near the end of one in the next.
 */
export async function keepFirstTimes(
  cluster: Cluster,
  config: OpenSearchConfig,
  events: readonly PlateEvent[],
): Promise<readonly PlateEvent[]> {
  if (events.length === 0) return events;
  const times = await readTimes(cluster, config, events);
  return events.map((event) => {
    const first = times.get(idOf(event)) ?? event.detected_at;
    times.set(idOf(event), first);
    return first === event.detected_at ? event : { ...event, detected_at: first };
  });
}

async function readTimes(
  cluster: Cluster,
  config: OpenSearchConfig,
  events: readonly PlateEvent[],
): Promise<Map<string, string>> {
  const docs = events.flatMap((event) =>
    [...monthsAround(event)].map((month) => ({
      _index: `${config.index}-${month}`,
      _id: idOf(event),
      _source: ['detected_at'],
    })),
  );
  const { body } = await cluster.request<Readonly<{ docs: readonly Found[] }>>({
    method: 'POST',
    path: '/_mget',
    body: { docs },
  });
  return new Map(body.docs.flatMap(({ _id, _source }) => (_source ? [[_id, _source.detected_at]] : [])));
}

function monthsAround({ detected_at: at }: PlateEvent): ReadonlySet<string> {
  const near = [-APART_MS, 0, APART_MS].map((ms) => new Date(Date.parse(at) + ms).toISOString());
  return new Set(near.map((detected_at) => monthOf({ detected_at })));
}
