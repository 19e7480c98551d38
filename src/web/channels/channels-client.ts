import type { KeptChannel } from '../../contract/api/channels.ts';
import type { Delivery, Replay } from '../../contract/api/deliveries.ts';
import { request } from '../data/request.ts';

export type DeliveryPage = Readonly<{ deliveries: readonly Delivery[]; next: string | null }>;

export function fetchChannels(signal?: AbortSignal): Promise<Readonly<{ channels: readonly KeptChannel[] }>> {
  return request('/channels', { signal });
}

/** Secrets that are kept and not given stay, but for those to `remove`. */
export function writeChannel(id: string, channel: object, remove: readonly string[]): Promise<KeptChannel> {
  const query = remove.length > 0 ? `?remove=${remove.join(',')}` : '';
  return request(`/channels/${id}${query}`, { method: 'PUT', body: channel });
}

export function removeChannel(id: string): Promise<object> {
  return request(`/channels/${id}`, { method: 'DELETE' });
}

/** Sends a trial with a read that there is, or with a made-up one. */
export function tryChannel(id: string, event: string | null): Promise<Readonly<{ delivery: string }>> {
  return request(`/channels/${id}/test`, { method: 'POST', body: { event } });
}

export function fetchDeliveries(
  { channel, state }: Readonly<{ channel: string; state: string }>,
  cursor: string | null,
): Promise<DeliveryPage> {
  const query = new URLSearchParams();
  if (channel !== '') query.set('channel', channel);
  if (state !== '') query.set('state', state);
  if (cursor !== null) query.set('cursor', cursor);
  return request(`/deliveries?${query}`);
}

export function replayDeliveries(replay: Replay): Promise<Readonly<{ replayed: number }>> {
  return request('/deliveries/replay', { method: 'POST', body: replay });
}
