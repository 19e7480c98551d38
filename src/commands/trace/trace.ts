import type { Config } from '../../app/config.ts';
import { type EventTrace, type OnTopic, type Place, traceEvent } from '../../app/trace-event.ts';
import { AlprError } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { eventParamsSchema } from '../../contract/api/events.ts';
import type { WayStep } from '../../contract/api/way.ts';
import { traceIdOf, traceUrlOf } from '../../contract/trace-id.ts';
import { formatColumns } from '../format-columns.ts';

export type TraceFlags = Readonly<{ minutes?: number; json?: boolean }>;

const MINUTES = 60;
/** The first 48 bits of the id are the time at which the edge made it. */
const ID_MS_DIGITS = 12;

const STEPS: Readonly<Record<WayStep['step'], string>> = {
  first_seen: 'first frame with the plate',
  best: 'best frame',
  last_seen: 'last frame with the plate',
  pictures: 'pictures were stored by then',
  published: 'put in the spool of the edge',
  stored: 'in the database',
  reviewed: 'decided by a person',
  alert_raised: 'alert raised',
  alert_held_back: 'alert raised and held back',
  alert_corrected: 'alert corrected',
  alert_withdrawn: 'alert withdrawn',
  alert_acknowledged: 'alert acknowledged',
  delivered: 'taken by the channel',
  delivery_waiting: 'waits to be sent to the channel',
  delivery_failed: 'given up after the last attempt to send it',
  delivery_dropped: 'not sent: the channel was removed, or the alert withdrawn first',
};

/** Prints where an event was and when, and what to do next; 1 when it is nowhere. */
export async function showTrace(
  config: Config,
  event: string,
  { minutes = MINUTES, json }: TraceFlags,
): Promise<number> {
  const eventId = readId(event);
  const log = createLog({ ...config.log, level: 'error' });
  const trace = await traceEvent({ config, eventId, minutes, log });
  const url = traceUrlOf(eventId, config.tracing.ui_url);
  const found = trace.steps.length + trace.places.length > 0;
  if (json) {
    print(JSON.stringify({ event_id: eventId, trace_id: traceIdOf(eventId), trace_url: url, found, ...trace }));
    return found ? 0 : 1;
  }
  print(`Event ${eventId}, trace ${url ?? traceIdOf(eventId)}\n`);
  if (trace.steps.length > 0) print(`${formatSteps(trace.steps)}\n`);
  for (const place of trace.places) print(describePlace(place));
  for (const { what, why } of trace.unasked) print(`The ${what} could not be asked: ${why}.`);
  if (!found) print(explainAbsence(trace, { eventId, minutes, config }));
  return found ? 0 : 1;
}

function readId(event: string): string {
  const hyphened = event.replace(/^([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/i, '$1-$2-$3-$4-$5');
  const asked = eventParamsSchema.safeParse({ id: hyphened });
  if (asked.success) return asked.data.id;
  throw new AlprError('INPUT_INVALID', `Expected the id of an event or of its trace, got "${event}"`);
}

function formatSteps(steps: readonly WayStep[]): string {
  const heads = ['at', 'took', 'step', 'service', 'revision', ''];
  const rows = steps.map(({ at, ms, step, service, revision, detail }) => [
    at,
    ms === 0 ? '' : formatMs(ms),
    STEPS[step],
    service,
    revision === null ? '' : String(revision),
    detail ?? '',
  ]);
  return formatColumns([heads, ...rows]);
}

function formatMs(ms: number): string {
  if (Math.abs(ms) < 1000) return `${ms} ms`;
  if (Math.abs(ms) < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return Math.abs(ms) < 7_200_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

/** Where it is, and what to do about it. */
function describePlace(place: Place): string {
  switch (place.where) {
    case 'spool':
      return `Revision ${place.revision} is in the spool of this edge since ${place.since}: the broker has not taken it. alpr doctor says whether the broker answers; it goes out by itself once it does.`;
    case 'refused':
      return `Revision ${place.revision} lies aside at this edge since ${place.since}: the broker refuses it for good. The log says why; restart the edge once that is mended.`;
    case 'open_passage':
      return `Its vehicle is in view of ${place.camera_id} since ${place.since}, or the edge stopped before it had gone: its final revision follows, at the latest with the next start of the edge.`;
    case 'topic':
      return describeMessage(place);
    case 'dead_letter':
      return `It is among the dead letters since ${place.at}: ${place.code}, ${place.error}. alpr dlq show ${place.id} has its bytes; alpr dlq replay ${place.id} hands it in again once the cause is mended.`;
    case 'erased': {
      const when = place.at === null ? 'It is being erased' : `It was erased on ${place.at}`;
      return `${when}, and comes back from nowhere: not from the bus, a spool or a backup.`;
    }
  }
}

function describeMessage({ topic, partition, offset, revision, is_taken, behind }: OnTopic): string {
  const what = revision === null ? 'It' : `Revision ${revision}`;
  const there = `${what} is on ${topic}, partition ${partition}, offset ${offset}`;
  const count = behind.toLocaleString('en-GB');
  if (is_taken) {
    return `${there}, and ingest has been there: it is in the database of that ingest, which need not be this one, or was removed since.`;
  }
  return `${there}, not yet ingested: the group is ${count} behind on this partition. alpr_consumer_lag must fall; if it does not, start alpr ingest or look at its log.`;
}

type Absence = Readonly<{ eventId: string; minutes: number; config: Config }>;

function explainAbsence(trace: EventTrace, { eventId, minutes, config }: Absence): string {
  const looked = [
    ...(trace.has_database ? ['the database'] : []),
    'the spool of this machine',
    ...(trace.searched === null ? [] : [`the newest ${minutes} minutes of ${trace.searched}`, 'the dead letters']),
  ];
  const madeAt = Number.parseInt(traceIdOf(eventId).slice(0, ID_MS_DIGITS), 16);
  const age = Math.ceil((Date.now() - madeAt) / 60_000);
  const days = config.privacy.retention.events_days;
  const advice = [
    'Run this on the edge whose camera saw it: its spool is there.',
    ...(trace.searched !== null && age > minutes
      ? [`Its id was made ${age} minutes ago: --minutes ${age + 1} goes back to then.`]
      : []),
    ...(days !== null && age > days * 1440 ? [`Events go after ${days} days, and it is older.`] : []),
  ];
  return `It is nowhere: not in ${looked.join(', ')}. ${advice.join(' ')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
