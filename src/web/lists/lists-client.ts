import type { EntryFields, Imported, ListEntry, ListFields, PlateList } from '../../contract/api/lists.ts';
import { fileAt, type Load } from '../data/download.ts';
import { request } from '../data/request.ts';

type EntryPage = Readonly<{ entries: readonly ListEntry[]; next: string | null }>;

export function fetchLists(signal: AbortSignal): Promise<Readonly<{ lists: readonly PlateList[] }>> {
  return request('/lists', { signal });
}

export function writeList(id: string, fields: ListFields): Promise<PlateList> {
  return request(`/lists/${id}`, { method: 'PUT', body: fields });
}

export function removeList(id: string): Promise<object> {
  return request(`/lists/${id}`, { method: 'DELETE' });
}

export function fetchEntries(list: string, q: string, cursor: string | null): Promise<EntryPage> {
  const query = new URLSearchParams({ limit: '100' });
  if (q !== '') query.set('q', q);
  if (cursor !== null) query.set('cursor', cursor);
  return request(`/lists/${list}/entries?${query}`);
}

const addressOf = (list: string, plate: string) => `/lists/${list}/entries/${encodeURIComponent(plate)}`;

export function writeEntry(list: string, plate: string, fields: EntryFields): Promise<ListEntry> {
  return request(addressOf(list, plate), { method: 'PUT', body: fields });
}

export function removeEntry(list: string, plate: string): Promise<object> {
  return request(addressOf(list, plate), { method: 'DELETE' });
}

/** All entries as CSV. */
export function fileOf(list: string): Load {
  return fileAt(`/lists/${list}/file`);
}

/** Sends a file; without `applies` nothing changes, and the answer says what would. */
export function importFile(
  list: string,
  file: Blob,
  { replaces, applies }: Readonly<{ replaces: boolean; applies: boolean }>,
) {
  const query = new URLSearchParams({ mode: replaces ? 'replace' : 'add', apply: String(applies) });
  return request<Imported>(`/lists/${list}/file?${query}`, { method: 'POST', file });
}
