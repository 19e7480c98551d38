import { type Board, graph, number, prom, table } from '../panel.ts';
import { orZero, perSecond, quantile, SITE, total } from '../promql.ts';

/** Topics and groups of Kafka itself are of no interest. */
const OURS = 'topic!~"__.*"';

export const kafka: Board = {
  uid: 'alpr-kafka',
  title: 'ALPR · Kafka',
  text: 'Whether events get through the broker: what our services see, and what kafka_exporter sees.',
  from: 'now-3h',
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Brokers',
          text: 'Brokers of the cluster that answer.',
          unit: 'count',
          queries: [prom('max(kafka_brokers)')],
          runbook: 'AlprBrokerAway',
        }),
        number({
          title: 'Connections that work',
          text: 'Connections of our processes to the broker that work, and how many there are.',
          unit: 'count',
          queries: [prom(`sum(alpr_bus_up{${SITE}})`, 'work'), prom(`count(alpr_bus_up{${SITE}})`, 'there are')],
          runbook: 'AlprBrokerAway',
        }),
        number({
          title: 'Messages that wait',
          text: 'Messages that our consumer groups have not handled yet.',
          unit: 'count',
          queries: [prom(`sum(alpr_consumer_lag{${SITE}})`)],
          limits: { warn: 1000, bad: 10_000 },
          runbook: 'AlprGroupFallsBehind',
        }),
        number({
          title: 'Partitions with too few replicas',
          text: 'Partitions that have fewer copies in sync than they should have.',
          unit: 'count',
          queries: [prom(`sum(kafka_topic_partition_under_replicated_partition{${OURS}})`)],
          limits: { warn: 1, bad: 1 },
          runbook: 'AlprKafkaUnderReplicated',
        }),
        number({
          title: 'Dead letters',
          text: 'Messages that could never be handled, since the processes began.',
          unit: 'count',
          queries: [prom(total({ metric: 'alpr_dead_letters_total' }))],
          limits: { warn: 1, bad: 100 },
          runbook: 'AlprDeadLetters',
        }),
        number({
          title: 'Messages parked',
          text: 'Messages that wait for the schema registry while others go on.',
          unit: 'count',
          queries: [prom(orZero(`sum(alpr_parked_messages{${SITE}})`))],
          limits: { warn: 1, bad: 100 },
          runbook: 'AlprRegistryAway',
        }),
      ],
    },
    {
      title: 'Lag',
      panels: [
        graph({
          title: 'Messages that wait by group',
          text: 'Messages that each consumer group has not handled yet, as our processes count them.',
          unit: 'count',
          queries: [prom(`sum by (group, topic) (alpr_consumer_lag{${SITE}})`, '{{group}} of {{topic}}')],
          runbook: 'AlprGroupFallsBehind',
        }),
        graph({
          title: 'Lag as the broker sees it',
          text: 'Messages behind the committed offset of each group, groups that have no process any more included.',
          unit: 'count',
          queries: [
            // Without a committed offset it is -1.
            prom(
              `sum by (consumergroup, topic) (clamp_min(kafka_consumergroup_lag{${OURS}}, 0))`,
              '{{consumergroup}} of {{topic}}',
            ),
          ],
          runbook: 'AlprGroupFallsBehind',
        }),
        graph({
          title: 'Members of groups',
          text: 'Processes that share the work of each consumer group; groups that each process has for itself are one.',
          unit: 'count',
          queries: [
            prom(
              'sum by (group) (label_replace(kafka_consumergroup_members, "group", "$1", "consumergroup", "(.+?)(-[0-9a-f]{8}-[0-9a-f-]{27})?"))',
              '{{group}}',
            ),
          ],
        }),
        graph({
          title: 'Publishing, 95 %',
          text: 'Time within which 95 % of the batches were acknowledged by the broker.',
          unit: 'seconds',
          queries: [
            prom(quantile(0.95, { metric: 'alpr_stage_seconds', where: `${SITE},stage="publish"` }), 'publish', {
              exemplars: true,
            }),
          ],
          whenEmpty: 'no events',
        }),
      ],
    },
    {
      title: 'Topics',
      panels: [
        graph({
          title: 'Messages by topic',
          text: 'Messages that come to each topic.',
          unit: 'perSecond',
          queries: [
            prom(perSecond({ metric: 'kafka_topic_partition_current_offset', where: OURS, by: 'topic' }), '{{topic}}'),
          ],
        }),
        graph({
          title: 'Messages kept by topic',
          text: 'Messages that the broker keeps: the newest offset minus the oldest.',
          unit: 'count',
          queries: [
            prom(
              `sum by (topic) (kafka_topic_partition_current_offset{${OURS}} - kafka_topic_partition_oldest_offset{${OURS}})`,
              '{{topic}}',
            ),
          ],
        }),
        table({
          title: 'Topics',
          text: 'Partitions of each topic, and how many of their replicas are in sync.',
          unit: 'count',
          queries: [
            prom(`sum by (topic) (kafka_topic_partitions{${OURS}})`, 'partitions'),
            prom(`sum by (topic) (kafka_topic_partition_in_sync_replica{${OURS}})`, 'replicas in sync'),
          ],
          labels: ['topic'],
        }),
      ],
    },
    {
      title: 'Faults',
      panels: [
        graph({
          title: 'Broker failures',
          text: 'Times that the broker did not answer or refused, by client, since the processes began.',
          unit: 'count',
          queries: [prom(total({ metric: 'alpr_bus_failures_total', by: 'client' }), '{{client}}')],
          runbook: 'AlprBrokerAway',
        }),
        graph({
          title: 'Dead letters by cause',
          text: 'Messages that could never be handled, since the processes began.',
          unit: 'count',
          queries: [prom(total({ metric: 'alpr_dead_letters_total', by: 'cause' }), '{{cause}}')],
          runbook: 'AlprDeadLetters',
        }),
        graph({
          title: 'Fields that nobody knows',
          text: 'Fields of messages in JSON that this version left out, since the processes began: a newer version sends them.',
          unit: 'count',
          queries: [prom(total({ metric: 'alpr_ignored_fields_total' }), 'fields')],
        }),
      ],
    },
  ],
};
