import type { Telemetry } from '../../telemetry/telemetry.ts';

export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;

/** What is counted on the way from the outbox to the channels. */
export function createDeliveryMetrics(telemetry: Telemetry) {
  return {
    deliveries: telemetry.counter({
      name: 'alpr_deliveries_total',
      help: 'Attempts to hand a message to a channel, by kind of channel and outcome: sent, failed (tried again), refused (dead), given_up (dead)',
      labels: ['kind', 'outcome'],
    }),
    seconds: telemetry.histogram({
      name: 'alpr_delivery_seconds',
      help: 'Time of one attempt to hand a message to a channel, by kind of channel',
      labels: ['kind'],
    }),
    waiting: telemetry.gauge({
      name: 'alpr_deliveries_waiting',
      help: 'Messages that wait for a channel',
      labels: ['channel'],
    }),
    oldest: telemetry.gauge({
      name: 'alpr_deliveries_oldest_seconds',
      help: 'How long the oldest message that waits for a channel has waited',
      labels: ['channel'],
    }),
    works: telemetry.gauge({
      name: 'alpr_channel_works',
      help: '1 while a channel takes messages or has none, 0 after failures in a row or when it cannot be opened',
      labels: ['channel', 'kind'],
    }),
  };
}
