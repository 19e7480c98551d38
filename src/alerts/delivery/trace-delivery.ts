import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Claimed, Outcome } from '../../store/alerts/outbox.ts';
import type { Tracing } from '../../telemetry/tracing/tracing.ts';

type Attempt = Readonly<{
  claimed: Claimed;
  channel: Readonly<{ id: string; kind: string }>;
  outcome: Outcome;
  /** Milliseconds since the epoch. */
  from: number;
  loadEvent: () => Promise<PlateEvent | undefined>;
}>;

/**
 * Notes an attempt to hand an alert to a channel, as part of its passage. One that fails or comes late is exported in any case,
 * with what the event tells of the way before.
 */
export async function traceDelivery(tracing: Tracing, attempt: Attempt): Promise<void> {
  const { claimed, channel, outcome, from, loadEvent } = attempt;
  const { passage } = claimed.alert;
  if (!tracing.isOn || passage === null) return;
  const to = Date.now();
  const isSent = outcome.state === 'sent';
  const isReason = !isSent || to - claimed.queuedAt.getTime() > tracing.slowMs;
  // Another process may have taken the event, which knew more.
  const isKnown = tracing.wants(passage.event_id) || tracing.samples(passage.event_id);
  if (!isKnown && !isReason) return;
  const unexported = isKnown ? undefined : await loadEvent().catch(() => undefined);
  tracing.want(passage.event_id);
  tracing.note({
    event: passage,
    steps: [
      {
        name: 'delivery',
        part: `${claimed.id}/${claimed.attempts}`,
        from,
        to,
        attributes: {
          'alpr.channel': channel.id,
          'alpr.channel_kind': channel.kind,
          'alpr.attempts': claimed.attempts + 1,
          'alpr.outcome': outcome.state,
        },
        failure: isSent ? undefined : outcome.state,
      },
    ],
    unexported,
  });
}
