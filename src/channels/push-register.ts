import type { Alert } from '../contract/alert.ts';

/** A browser that is told of alerts, as its push service knows it. */
export type PushSubscription = Readonly<{ endpoint: string; keys: Readonly<{ p256dh: string; auth: string }> }>;

/** The key that this installation shows to push services (VAPID), base64url. */
export type PushKey = Readonly<{ publicKey: string; privateKey: string }>;

/** Who is to be told, and the key to tell them with. */
export interface PushRegister {
  key(): Promise<PushKey>;
  /** Browsers of those who may see what the alert is about. */
  listFor(alert: Alert): Promise<readonly PushSubscription[]>;
  /** The push service knows it no more. */
  remove(endpoint: string): Promise<void>;
}
