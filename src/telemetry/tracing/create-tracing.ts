import type { TracingConfig } from './config.ts';
import { PassageTraces } from './passage-traces.ts';
import { RequestTraces } from './request-traces.ts';
import type { Span } from './span.ts';
import { createBudget, createShare, formatHeaders } from './trace-context.ts';
import type { Tracing } from './tracing.ts';

/** The traces of the services of one process, which share what they remember; `add` takes the spans. */
export function createTracing(
  {
    share,
    max_per_second: maxPerSecond,
    slow_ms: slowMs,
    slow_request_ms: slowRequestMs,
  }: Pick<TracingConfig, 'share' | 'max_per_second' | 'slow_ms' | 'slow_request_ms'>,
  add: (spans: readonly Span[]) => void,
): (service: string) => Tracing {
  const passages = new PassageTraces({ slowMs, add });
  const wants = (eventId: string) => passages.wants(eventId);
  const [isInShare, hasRoom] = [createShare(share), createBudget(maxPerSecond)];
  const samples = (id: string) => isInShare(id) && hasRoom();
  const requests = new RequestTraces({ samples, slowRequestMs, wants, add });
  return (service) => ({
    isOn: true,
    slowMs,
    samples,
    wants,
    want: (eventId) => passages.want(eventId),
    isSlow: (event, now) => passages.isSlow(event, now),
    note: (noted) => passages.note(service, noted),
    headersOf: (eventId) => (wants(eventId) ? formatHeaders(eventId, Date.now()) : undefined),
    beginRequest: (asked) => requests.begin(service, asked),
    beginStatement: (text) => requests.beginStatement(text),
  });
}
