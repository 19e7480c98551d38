import type { PlateEvent } from '../../contract/plate-event.ts';
import { readHeaders } from './trace-context.ts';
import type { Step, Tracing } from './tracing.ts';

/** An event as it was taken from the bus. */
export type Taken = Readonly<{ event: PlateEvent; headers: Readonly<Record<string, string>> }>;

type Work = Readonly<{
  /** The kind of the bus. */
  bus: string;
  /** The consumer group. */
  group: string;
  receivedAt: number;
  /** Whether it was tried before and did not work. */
  hasFailed: boolean;
  /** What was done with each. */
  steps: (event: PlateEvent) => readonly Step[];
}>;

/** Notes what a consumer did with events, and how they came to it, where they are exported. To be called when it is done. */
export function noteTaken(tracing: Tracing, taken: readonly Taken[], work: Work): void {
  const { bus, group, receivedAt, hasFailed, steps } = work;
  const now = Date.now();
  const attributes = { 'messaging.consumer.group.name': group };
  for (const { event, headers } of taken) {
    const { event_id } = event;
    const known = headers.traceparent === undefined ? undefined : readHeaders(headers, event_id);
    if (hasFailed || known?.isExported || tracing.isSlow(event, now)) tracing.want(event_id);
    if (!tracing.wants(event_id)) continue;
    const way: Step = {
      name: bus === 'kafka' ? 'kafka' : 'bus',
      part: group,
      from: known?.sentAt ?? receivedAt,
      to: receivedAt,
      attributes,
    };
    tracing.note({ event, steps: [way, ...steps(event)], unexported: known?.isExported ? undefined : event });
  }
}
