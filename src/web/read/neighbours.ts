import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';

/** The reads beside an open one; undefined at the ends of the list, or when it is in none. */
export type Neighbours = Readonly<{ previous?: string | undefined; next?: string | undefined }>;

/** The ids before and after `id` in a list. */
export function findNeighbours(ids: readonly string[], id: string): Neighbours {
  const place = ids.indexOf(id);
  return place < 0 ? {} : { previous: ids[place - 1], next: ids[place + 1] };
}

/** The reads beside one in the list that it was opened from, else among the newest. */
export function useNeighbours(id: string): Neighbours {
  const { feed, listed } = useServices();
  const newest = useCell(feed.reads) ?? [];
  const chosen = useCell(listed);
  return findNeighbours(chosen.includes(id) ? chosen : newest.map(({ event }) => event.event_id), id);
}
