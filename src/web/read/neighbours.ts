/** The reads beside an open one; undefined at the ends of the list, or when it is in none. */
export type Neighbours = Readonly<{ previous?: string | undefined; next?: string | undefined }>;

/** The ids before and after `id` in a list. */
export function findNeighbours(ids: readonly string[], id: string): Neighbours {
  const place = ids.indexOf(id);
  return place < 0 ? {} : { previous: ids[place - 1], next: ids[place + 1] };
}
