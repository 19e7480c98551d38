import type { KeptAlert } from '../../contract/api/alerts.ts';
import type { EventPage } from '../../contract/api/events.ts';
import { request } from '../data/request.ts';

type GateChannel = Readonly<{ id: string; name: string }>;

/** Channels that a gate may be opened by. */
export function fetchGateChannels(signal: AbortSignal): Promise<Readonly<{ channels: readonly GateChannel[] }>> {
  return request('/gate/channels', { signal });
}

export function openGate(
  opening: Readonly<{ camera: string; channel: string; event: string | null; reason: string }>,
): Promise<Readonly<{ delivery: string }>> {
  return request('/gate/open', { method: 'POST', body: opening });
}

/** The newest read of a camera. */
export function fetchNewestOf(camera: string, signal: AbortSignal): Promise<EventPage> {
  return request(`/events/recent?limit=1&camera=${encodeURIComponent(camera)}`, { signal });
}

/** Names of the rules that matched lately. */
export async function fetchRuleNames(signal: AbortSignal): Promise<readonly string[]> {
  const { alerts } = await request<{ alerts: readonly KeptAlert[] }>('/alerts?limit=100', { signal });
  return [...new Set(alerts.map(({ alert }) => alert.rule.name))].toSorted();
}
