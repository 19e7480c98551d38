import type { HandleAlert, KeptAlert, Mute } from '../../contract/api/alerts.ts';
import { request } from '../data/request.ts';

/** Which alerts are shown. */
export type Show = 'open' | 'all' | 'held' | 'withdrawn';

const ASKED: Readonly<Record<Show, string>> = {
  open: 'open=true&held_back=false',
  all: '',
  held: 'held_back=true',
  withdrawn: 'status=withdrawn',
};

type AlertPage = Readonly<{ alerts: readonly KeptAlert[]; next: string | null }>;

export function fetchAlerts(show: Show, severity: string, cursor: string | null): Promise<AlertPage> {
  const query = new URLSearchParams(ASKED[show]);
  if (severity !== '') query.set('severity', severity);
  if (cursor !== null) query.set('cursor', cursor);
  return request(`/alerts?${query}`);
}

export function handleAlert(id: string, done: HandleAlert): Promise<KeptAlert> {
  return request(`/alerts/${id}`, { method: 'PATCH', body: done });
}

export function fetchMutes(signal: AbortSignal): Promise<Readonly<{ mutes: readonly Mute[] }>> {
  return request('/mutes', { signal });
}

export function createMute(mute: Readonly<{ rule: string | null; plate: string | null; until: string | null }>) {
  return request<Mute>('/mutes', { method: 'POST', body: mute });
}

export function removeMute(id: string): Promise<object> {
  return request(`/mutes/${id}`, { method: 'DELETE' });
}
