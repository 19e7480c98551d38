import type { ModelList, ShadowAnswer } from '../../contract/api/models.ts';
import { request } from '../data/request.ts';

/** `GET /models`: versions, who runs them, and what was decided. */
export function fetchModels(signal: AbortSignal): Promise<ModelList> {
  return request('/models', { signal });
}

/** What of a comparison is asked for; an empty text is all. */
export type ShadowAsked = Readonly<{
  model: string;
  /** Reader and challenger with a space between them. */
  pair: string;
  camera: string;
  region: string;
}>;

/** `GET /models/{model}/shadow`: how a challenger compares, and a page of the reads that differ. */
export function fetchShadow({ model, pair, ...filter }: ShadowAsked, cursor: string | null): Promise<ShadowAnswer> {
  const [reader = '', challenger = ''] = pair.split(' ');
  const query = new URLSearchParams({ reader, challenger, ...filter, cursor: cursor ?? '' });
  for (const [name, value] of [...query]) if (value === '') query.delete(name);
  return request(`/models/${encodeURIComponent(model)}/shadow?${query}`);
}

export function promote(model: string, version: string): Promise<object> {
  return request(`/models/${encodeURIComponent(model)}/promote`, { method: 'POST', body: { version } });
}

/** Has some cameras run a version; none ends it. */
export function tryOn(model: string, version: string, cameras: readonly string[]): Promise<object> {
  return request(`/models/${encodeURIComponent(model)}/canary`, { method: 'POST', body: { version, cameras } });
}

/** Ends the trial of a version. */
export function endTrial(model: string, version: string): Promise<object> {
  const path = `/models/${encodeURIComponent(model)}/rollback?version=${encodeURIComponent(version)}`;
  return request(path, { method: 'POST' });
}

export function rollBack(model: string): Promise<object> {
  return request(`/models/${encodeURIComponent(model)}/rollback`, { method: 'POST' });
}
