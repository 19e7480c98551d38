import type { Telemetry } from '../../telemetry/telemetry.ts';

export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;

/** What is counted on the way from the outbox to the channels. */
export function createDeliveryMetrics(telemetry: Telemetry) {
  return {
    deliveries: telemetry.counter({
      name: 'alpr_deliveries_total',
      help: 'Attempts to hand a message to a channel, by kind of channel and outcome: sent, failed (tried again), refused (dead), given_up (dead)',
      unit: 'none',
      advice:
        'When refused or given_up grows, messages reached nobody: mend the channel, then send them off again from the delivery log.',
      labels: ['kind', 'outcome'],
    }),
    seconds: telemetry.seconds({
      name: 'alpr_delivery_seconds',
      help: 'Time of one attempt to hand a message to a channel, by kind of channel',
      unit: 'seconds',
      advice:
        'When it nears alerts.delivery.timeout_ms, the other side is slow: look at its own monitoring, or move urgent rules to another channel.',
      labels: ['kind'],
    }),
    waiting: telemetry.gauge({
      name: 'alpr_deliveries_waiting',
      help: 'Messages that wait for a channel',
      unit: 'none',
      advice: 'When it grows, the channel is away or slower than the alerts come; the delivery log has its answers.',
      labels: ['channel'],
    }),
    oldest: telemetry.gauge({
      name: 'alpr_deliveries_oldest_seconds',
      help: 'How long the oldest message that waits for a channel has waited',
      unit: 'seconds',
      advice: 'Above 300 somebody waits for an alert in vain: look at the channel in the delivery log.',
      labels: ['channel'],
    }),
    works: telemetry.gauge({
      name: 'alpr_channel_works',
      help: '1 while a channel takes messages or has none, 0 after failures in a row or when it cannot be opened',
      unit: 'none',
      advice: 'When it is 0, test the channel on the page: its answer names the cause.',
      labels: ['channel', 'kind'],
    }),
  };
}
