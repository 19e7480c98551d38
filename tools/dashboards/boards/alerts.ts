import { LINES, takeApart } from '../logs.ts';
import { type Board, graph, heatmap, logLines, logql, number, prom, table } from '../panel.ts';
import { buckets, orZero, perMinute, quantile, quantiles, SITE, total } from '../promql.ts';

export const alerts: Board = {
  uid: 'alpr-alerts',
  title: 'ALPR · Alerts and deliveries',
  text: 'Whether rules make alerts in time, and whether these reach somebody.',
  from: 'now-6h',
  rows: [
    {
      title: 'Now',
      panels: [
        number({
          title: 'Rules in force',
          text: 'Rules that events are held against.',
          unit: 'count',
          queries: [prom(`max(alpr_alert_rules{${SITE}})`)],
          whenEmpty: 'nothing makes alerts',
          runbook: 'AlprAlertsGone',
        }),
        number({
          title: 'Rules file',
          text: 'Whether the file of rules has an error, so that the previous rules stay in force.',
          unit: 'count',
          queries: [prom(orZero(`max(alpr_alert_rules_file_faulty{${SITE}})`))],
          limits: { warn: 1, bad: 1 },
          runbook: 'AlprRulesFileFaulty',
        }),
        number({
          title: 'Published to outbox',
          text: 'Time within which 95 % of the alerts stood in the outbox after their events were published.',
          unit: 'seconds',
          queries: [prom(quantile(0.95, { metric: 'alpr_alert_delay_seconds' }))],
          limits: { warn: 2, bad: 5 },
          whenEmpty: 'no alerts',
        }),
        number({
          title: 'Messages that wait',
          text: 'Messages that wait for a channel.',
          unit: 'count',
          queries: [prom(orZero(`sum(alpr_deliveries_waiting{${SITE}})`))],
          limits: { warn: 10, bad: 100 },
          runbook: 'AlprAlertsWait',
        }),
        number({
          title: 'Longest wait',
          text: 'How long the oldest message that waits for a channel has waited.',
          unit: 'age',
          queries: [prom(orZero(`max(alpr_deliveries_oldest_seconds{${SITE}})`))],
          limits: { warn: 60, bad: 300 },
          runbook: 'AlprAlertsWait',
        }),
        number({
          title: 'Reached nobody',
          text: 'Messages that a channel refused for good or that were given up, since the processes began.',
          unit: 'count',
          queries: [prom(total({ metric: 'alpr_deliveries_total', where: `${SITE},outcome=~"refused|given_up"` }))],
          limits: { warn: 1, bad: 1 },
          runbook: 'AlprAlertsDead',
        }),
      ],
    },
    {
      title: 'Alerts',
      panels: [
        graph({
          title: 'Alerts by outcome',
          text: 'Alerts that were raised, corrected, withdrawn, or held back.',
          unit: 'perMinute',
          queries: [prom(perMinute({ metric: 'alpr_alerts_total', by: 'outcome' }), '{{outcome}}')],
          stacked: true,
        }),
        graph({
          title: 'Alerts by severity',
          text: 'Alerts that were raised, by the severity of their rule.',
          unit: 'perMinute',
          queries: [
            prom(
              perMinute({ metric: 'alpr_alerts_total', where: `${SITE},outcome="raised"`, by: 'severity' }),
              '{{severity}}',
            ),
          ],
          whenEmpty: 'no alerts',
        }),
        graph({
          title: 'From event to outbox',
          text: 'Time from when an event was published until its alerts stood in the outbox.',
          unit: 'seconds',
          queries: quantiles({ metric: 'alpr_alert_delay_seconds' }),
          whenEmpty: 'no alerts',
        }),
        graph({
          title: 'Messages and revisions',
          text: 'Messages put into the outbox, and revisions of alerts published to the bus.',
          unit: 'perMinute',
          queries: [
            prom(perMinute({ metric: 'alpr_alert_messages_total' }), 'messages'),
            prom(perMinute({ metric: 'alpr_alerts_published_total' }), 'revisions'),
          ],
        }),
      ],
    },
    {
      title: 'Deliveries',
      panels: [
        graph({
          title: 'Attempts by outcome',
          text: 'Attempts to hand a message to a channel: sent, failed (tried again), refused or given up.',
          unit: 'perMinute',
          queries: [prom(perMinute({ metric: 'alpr_deliveries_total', by: 'kind, outcome' }), '{{kind}} {{outcome}}')],
          whenEmpty: 'no messages',
        }),
        graph({
          title: 'Attempts, 95 %',
          text: 'Time within which 95 % of the attempts ended, by kind of channel.',
          unit: 'seconds',
          queries: [
            prom(quantile(0.95, { metric: 'alpr_delivery_seconds', by: 'kind' }), '{{kind}}', { exemplars: true }),
          ],
          whenEmpty: 'no messages',
        }),
        graph({
          title: 'Waiting by channel',
          text: 'Messages that wait for each channel.',
          unit: 'count',
          queries: [prom(`sum by (channel) (alpr_deliveries_waiting{${SITE}})`, '{{channel}}')],
          runbook: 'AlprAlertsWait',
        }),
        heatmap({
          title: 'Time of attempts',
          text: 'How long attempts to hand a message to a channel took.',
          queries: [buckets({ metric: 'alpr_delivery_seconds' })],
        }),
        table({
          title: 'Channels',
          text: 'Whether each channel takes messages, how many wait for it, and for how long.',
          unit: 'count',
          queries: [
            prom(`min by (channel) (alpr_channel_works{${SITE}})`, 'works', { unit: 'works' }),
            prom(`sum by (channel) (alpr_deliveries_waiting{${SITE}})`, 'waiting'),
            prom(`max by (channel) (alpr_deliveries_oldest_seconds{${SITE}})`, 'oldest', { unit: 'age' }),
          ],
          labels: ['channel'],
          runbook: 'AlprChannelDown',
        }),
        logLines({
          title: 'What alerts say',
          text: 'Newest lines of the log of alerts.',
          queries: [logql(`${takeApart(LINES)} | service=~"alerts|start" | msg=~".*(alert|channel|message|rule).*"`)],
          whenEmpty: 'no lines',
        }),
      ],
    },
  ],
};
