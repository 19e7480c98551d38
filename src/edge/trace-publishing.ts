import { Raw } from '../bus/bus.ts';
import type { PlateEvent } from '../contract/plate-event.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { SpooledEvent } from './spooled-event.ts';

/** What is told once a batch was published: those that the bus refused for good. */
export type EndPublishing = (refused: ReadonlySet<SpooledEvent>) => void;

type TracedEvent = SpooledEvent & Readonly<{ content: PlateEvent }>;

/**
 * Notes how long the events of a batch waited in the spool and how long it took to publish them. To be called before they are
 * published: those that waited too long, or failed before, are exported from here on.
 */
export function tracePublishing(
  tracing: Tracing,
  batch: Iterable<SpooledEvent>,
  failures: number,
): EndPublishing | undefined {
  if (!tracing.isOn) return undefined;
  const began = Date.now();
  const noted: TracedEvent[] = [];
  for (const spooled of batch) {
    if (!isWhole(spooled)) continue;
    const { content: event, isTraced } = spooled;
    if (isTraced || failures > 0 || tracing.isSlow(event, began)) tracing.want(event.event_id);
    // A final that contradicts a provisional revision makes that worth telling, too.
    if (event.status === 'provisional' || tracing.wants(event.event_id)) noted.push(spooled);
  }
  return (refused) => {
    const ended = Date.now();
    const attributes = { 'alpr.attempts': failures + 1 };
    for (const spooled of new Set([...noted, ...[...refused].filter(isWhole)])) {
      const { content: event, isTraced } = spooled;
      const isRefused = refused.has(spooled);
      if (isRefused) tracing.want(event.event_id);
      const failure = isRefused ? 'MESSAGE_REFUSED' : undefined;
      tracing.note({
        event,
        steps: [
          { name: 'wait', from: Date.parse(event.time.published), to: began },
          { name: 'publish', from: began, to: ended, attributes, failure },
        ],
        unexported: isTraced ? undefined : event,
        keeps: true,
      });
    }
  };
}

/** What is no whole event, the bus or its consumer will say. */
function isWhole(spooled: SpooledEvent): spooled is TracedEvent {
  const { content } = spooled;
  return !(content instanceof Raw) && typeof content.event_id === 'string' && Boolean(content.time?.published);
}
