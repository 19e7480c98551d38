import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { findNeighbours, type Neighbours } from './neighbours.ts';

/** The reads beside one in the list that it was opened from, else among the newest. */
export function useNeighbours(id: string): Neighbours {
  const { feed, listed } = useServices();
  const newest = useCell(feed.reads) ?? [];
  const chosen = useCell(listed);
  return findNeighbours(chosen.includes(id) ? chosen : newest.map(({ event }) => event.event_id), id);
}
