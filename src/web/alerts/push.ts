import type { KeptChannel } from '../../contract/api/channels.ts';
import { request } from '../data/request.ts';

/** Whether this browser can be told at all; it cannot without HTTPS. */
export function canBeTold(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

/** What this browser is told by; null while it is not. */
export async function findSubscription(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration();
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** Asks the browser's push service, and tells the API of it. */
export async function tellThisBrowser(): Promise<PushSubscription> {
  const { key } = await request<{ key: string }>('/push/key');
  const worker = await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  await request('/push/subscriptions', {
    method: 'POST',
    body: { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth } },
  });
  return subscription;
}

/** Tells it no more. */
export async function tellNoMore(subscription: PushSubscription): Promise<void> {
  await request('/push/subscriptions', { method: 'DELETE', body: { endpoint: subscription.endpoint } });
  await subscription.unsubscribe();
}

/** Whether some channel sends to browsers. */
export async function hasPushChannel(signal: AbortSignal): Promise<boolean> {
  const { channels } = await request<{ channels: readonly KeptChannel[] }>('/channels', { signal });
  return channels.some(({ channel }) => channel.kind === 'web_push' && channel.enabled);
}
