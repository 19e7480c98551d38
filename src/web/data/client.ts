import type { CameraList } from '../../contract/api/cameras.ts';
import type { EventHistory, EventPage } from '../../contract/api/events.ts';
import type { Health } from '../../contract/api/health.ts';
import type { SearchAnswer } from '../../contract/api/search.ts';
import type { Stats } from '../../contract/api/stats.ts';
import { EMPTY_QUERY, formatQuery, type SearchQuery } from '../route.ts';
import { toUtc } from '../zoned-time.ts';

/**
 * A failed request: the API's own code and sentence. Without an answer the code is `UNREACHABLE`, and `HTTP_502` is an
 * answer that was not the API's; both have the path in place of the sentence.
 */
export class RequestError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RequestError';
    this.code = code;
  }
}

/** `GET /health`; a 503 that says what is wrong counts as an answer too. */
export function fetchHealth(signal?: AbortSignal): Promise<Health> {
  return getJson('/health', signal, (body) => 'status' in body && 'database' in body);
}

/** `GET /stats` of the last 24 hours. */
export function fetchStats(signal?: AbortSignal): Promise<Stats> {
  return getJson('/stats?hours=24', signal);
}

/** `GET /cameras`. */
export function fetchCameras(signal?: AbortSignal): Promise<CameraList> {
  return getJson('/cameras', signal);
}

/** The newest events, 50 to a page. */
export function fetchRecent(cursor: string | null, signal?: AbortSignal): Promise<EventPage> {
  const more = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return getJson(`/events/recent?limit=50${more}`, signal);
}

/** One event with its revisions. */
export function fetchEvent(id: string, signal?: AbortSignal): Promise<EventHistory> {
  return getJson(addressOfEvent(id), signal);
}

/** The newest events of one plate text. */
export function fetchPlate(text: string, signal?: AbortSignal): Promise<EventPage> {
  return getJson(`/events/plate/${encodeURIComponent(text)}?limit=12`, signal);
}

/**
 * One page of a search, or of all that passes its filters when it has no text. Times without a zone are those of `zone`,
 * and are sent as UTC.
 */
export function searchEvents(query: SearchQuery, zone: string, cursor: string | null): Promise<SearchAnswer> {
  const mode = query.q === '' ? EMPTY_QUERY.mode : query.mode;
  const utc = { ...query, mode, from: toUtc(query.from, zone), to: toUtc(query.to, zone) };
  const more = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return getJson(`/events/search?limit=30&${formatQuery(utc)}${more}`);
}

/** Address of an event's raw JSON. */
export function addressOfEvent(id: string): string {
  return `/events/${encodeURIComponent(id)}`;
}

/** Address of a stored picture; the slashes of its key stay. */
export function addressOfImage(key: string): string {
  return `/images/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** Address of a camera's newest picture; `at` makes each address different, so that no cache answers. */
export function addressOfCamera(id: string, at: string): string {
  return `/cameras/${encodeURIComponent(id)}/picture.jpg?t=${encodeURIComponent(at)}`;
}

type Problem = Readonly<{ code?: string; message?: string }>;

async function getJson<T>(path: string, signal?: AbortSignal, accept = (_body: object) => false): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: 'application/json' }, signal: signal ?? null });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new RequestError('UNREACHABLE', path, { cause });
  }
  const body: T & Problem = await response.json().catch(() => ({}));
  if (response.ok || accept(body)) return body;
  throw new RequestError(body.code ?? `HTTP_${response.status}`, body.message ?? path);
}
