import type { CameraList } from '../../contract/api/cameras.ts';
import type { EventHistory, EventPage } from '../../contract/api/events.ts';
import type { Health } from '../../contract/api/health.ts';
import type { SearchAnswer } from '../../contract/api/search.ts';
import type { Stats } from '../../contract/api/stats.ts';
import type { EventWay } from '../../contract/api/way.ts';
import { EMPTY_QUERY, formatQuery, type SearchQuery } from '../route.ts';
import { toUtc } from '../zoned-time.ts';
import { request } from './request.ts';

/** `GET /health`; a 503 that says what is wrong counts as an answer too. */
export function fetchHealth(signal?: AbortSignal): Promise<Health> {
  return request('/health', { signal, accept: (body) => 'status' in body && 'database' in body });
}

/** `GET /stats` of the last 24 hours. */
export function fetchStats(signal?: AbortSignal): Promise<Stats> {
  return request('/stats?hours=24', { signal });
}

/** `GET /cameras`. */
export function fetchCameras(signal?: AbortSignal): Promise<CameraList> {
  return request('/cameras', { signal });
}

/** The newest events, 50 to a page. */
export function fetchRecent(cursor: string | null, signal?: AbortSignal): Promise<EventPage> {
  const more = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return request(`/events/recent?limit=50${more}`, { signal });
}

/** One event with its revisions. */
export function fetchEvent(id: string, signal?: AbortSignal): Promise<EventHistory> {
  return request(addressOfEvent(id), { signal });
}

/** Where an event was, and when. */
export function fetchWay(id: string, signal?: AbortSignal): Promise<EventWay> {
  return request(`${addressOfEvent(id)}/way`, { signal });
}

/** The newest events of one plate text. */
export function fetchPlate(text: string, signal?: AbortSignal): Promise<EventPage> {
  return request(`/events/plate/${encodeURIComponent(text)}?limit=12`, { signal });
}

/**
 * One page of a search, or of all that passes its filters when it has no text. Times without a zone are those of `zone`,
 * and are sent as UTC.
 */
export function searchEvents(query: SearchQuery, zone: string, cursor: string | null): Promise<SearchAnswer> {
  const more = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return request(`/events/search?limit=30&${formatQuery(toSent(query, zone))}${more}`);
}

/** A query as the API takes it: times in UTC, and no mode without a text. */
export function toSent(query: SearchQuery, zone: string): SearchQuery {
  const mode = query.q === '' ? EMPTY_QUERY.mode : query.mode;
  return { ...query, mode, from: toUtc(query.from, zone), to: toUtc(query.to, zone) };
}

/** Address of an event's raw JSON. */
export function addressOfEvent(id: string): string {
  return `/events/${encodeURIComponent(id)}`;
}

/** Address of everything that speaks for an event, as a zip. */
export function addressOfEvidence(id: string): string {
  return `${addressOfEvent(id)}/evidence`;
}

/** Address of a stored picture; the slashes of its key stay. */
export function addressOfImage(key: string): string {
  return `/images/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** Address of a camera's newest picture; `at` makes each address different, so that no cache answers. */
export function addressOfCamera(id: string, at: string): string {
  return `/cameras/${encodeURIComponent(id)}/picture.jpg?t=${encodeURIComponent(at)}`;
}
