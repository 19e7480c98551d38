import type { Telemetry } from '../telemetry/telemetry.ts';

export type BusMetrics = ReturnType<typeof createBusMetrics>;

/** What is counted of the connections to a broker. */
export function createBusMetrics(telemetry: Telemetry) {
  return {
    up: telemetry.gauge({
      name: 'alpr_bus_up',
      help: '1 while the broker answers, which each process asks every three seconds: for the producer, and for each topic and group of a consumer',
      unit: 'none',
      advice: 'When it is 0 for a minute, look at the broker and at the network to it; edges keep their events.',
      labels: ['client'],
    }),
    failures: telemetry.counter({
      name: 'alpr_bus_failures_total',
      help: 'Times that the broker did not answer or refused',
      unit: 'none',
      advice:
        'When it grows while alpr_bus_up stays 1, the connection is unsteady, or the broker refuses; the log has its answers.',
      labels: ['client'],
    }),
    ignored: telemetry.counter({
      name: 'alpr_ignored_fields_total',
      help: 'Fields of messages in JSON that this version does not know, and leaves out',
      unit: 'none',
      advice: 'When it grows, somebody sends events of a newer version: update this process.',
    }),
    parked: telemetry.gauge({
      name: 'alpr_parked_messages',
      help: 'Messages that wait for the schema registry while others go on, by topic and group',
      unit: 'none',
      advice: 'When it is above 0, the schema registry does not answer, or lacks the schema.',
      labels: ['topic', 'group'],
    }),
    lag: telemetry.gauge({
      name: 'alpr_consumer_lag',
      help: 'Messages on the partitions of this process that it has not committed, by topic and group, looked up every five seconds; the sum over processes is that of the group',
      unit: 'none',
      advice:
        'When the sum only grows, the group cannot keep up: start another process of that service, or look at what it waits for.',
      labels: ['topic', 'group'],
    }),
  };
}
