import type { Telemetry } from '../telemetry/telemetry.ts';

export type BusMetrics = ReturnType<typeof createBusMetrics>;

/** What is counted of the connections to a broker. */
export function createBusMetrics(telemetry: Telemetry) {
  return {
    up: telemetry.gauge({
      name: 'alpr_bus_up',
      help: '1 while the broker answers: the producer, and each topic and group of a consumer',
      labels: ['client'],
    }),
    failures: telemetry.counter({
      name: 'alpr_bus_failures_total',
      help: 'Times that the broker did not answer or refused',
      labels: ['client'],
    }),
    ignored: telemetry.counter({
      name: 'alpr_ignored_fields_total',
      help: 'Fields of messages in JSON that this version does not know, and leaves out',
    }),
    parked: telemetry.gauge({
      name: 'alpr_parked_messages',
      help: 'Messages that wait for the schema registry while others go on, by topic and group',
      labels: ['topic', 'group'],
    }),
    lag: telemetry.gauge({
      name: 'alpr_consumer_lag',
      help: 'Messages on the partitions of this process that it has not handled yet, by topic and group; the sum over processes is that of the group',
      labels: ['topic', 'group'],
    }),
  };
}
