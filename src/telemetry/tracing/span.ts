import type { PlateEvent } from '../../contract/plate-event.ts';
import { rootSpanIdOf, traceIdOf } from '../../contract/trace-id.ts';
import type { Attributes, Noted, Step } from './tracing.ts';

/** One span as it is exported. */
export type Span = Readonly<{
  traceId: string;
  id: string;
  parentId: string | undefined;
  /** Which service did it. */
  service: string;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  from: number;
  to: number;
  attributes: Attributes;
  failure: string | undefined;
  /** A trace that it has to do with. */
  link?: Readonly<{ traceId: string; spanId: string }>;
}>;

const KINDS: Readonly<Partial<Record<Step['name'], Span['kind']>>> = {
  publish: 'producer',
  kafka: 'consumer',
  bus: 'consumer',
  delivery: 'client',
};

/** Steps of a revision as spans. The ids follow from what a step is, so that whoever makes up a span makes the same one. */
export function toSpans(service: string, { event_id, revision }: Noted['event'], steps: readonly Step[]): Span[] {
  const traceId = traceIdOf(event_id);
  const rootId = rootSpanIdOf(traceId);
  const halves = { high: Number.parseInt(rootId.slice(0, 8), 16), low: Number.parseInt(rootId.slice(8), 16) };
  const own = { traceId, rootId, halves, service, revision };
  return steps.map((step) => toSpan(own, step));
}

const NO_ATTRIBUTES: Attributes = {};

/** The halves of the id of the root, of which those of the others are made. */
type Halves = Readonly<{ high: number; low: number }>;
type Own = Readonly<{ traceId: string; rootId: string; halves: Halves; service: string; revision: number }>;

function toSpan({ traceId, rootId, halves, service, revision }: Own, step: Step): Span {
  const { name, part, from, attributes, failure } = step;
  const isRoot = name === 'passage';
  return {
    traceId,
    id: isRoot ? rootId : spanIdOf(halves, part === undefined ? `${name}/${revision}` : `${name}/${revision}/${part}`),
    parentId: isRoot ? undefined : rootId,
    service,
    name,
    kind: KINDS[name] ?? 'internal',
    from,
    // Clocks of two machines may disagree.
    to: Math.max(from, step.to),
    attributes: revision === 1 ? (attributes ?? NO_ATTRIBUTES) : { 'alpr.revision': revision, ...attributes },
    failure,
  };
}

/** The root: from the first look at a vehicle until its event is made. Nothing here says which plate it was. */
export function passageStep({ event_id, site_id, camera_id, status, plate, frames_read, time }: PlateEvent): Step {
  return {
    name: 'passage',
    from: Date.parse(time.first_seen),
    to: Date.parse(time.published),
    attributes: {
      'alpr.event_id': event_id,
      'alpr.site': site_id,
      'alpr.camera': camera_id,
      'alpr.status': status,
      'alpr.confidence': plate.confidence,
      'alpr.frames_read': frames_read,
    },
  };
}

/** What an event itself says of its making, where the spans of the edge are not exported. */
export function rebuildSteps(event: PlateEvent): readonly Step[] {
  const { detect_ms, read_ms } = event.processing;
  const [best, published] = [Date.parse(event.time.best), Date.parse(event.time.published)];
  const attributes = { 'alpr.rebuilt': true };
  const root = passageStep(event);
  return [
    { ...root, attributes: { ...root.attributes, ...attributes } },
    { name: 'frame', from: best, to: best, attributes },
    { name: 'detect', from: best, to: best + detect_ms, attributes },
    { name: 'read', from: best + detect_ms, to: best + detect_ms + read_ms, attributes },
    { name: 'spool', from: published, to: published, attributes },
  ];
}

/** Mixes a name into the random half of an event's id (FNV-1a, twice). */
function spanIdOf(root: Halves, name: string): string {
  let high = root.high ^ 0x811c9dc5;
  let low = root.low ^ 0x9e3779b9;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ (code + at), 0x01000193);
  }
  return toHex(high) + toHex(low | 1);
}

function toHex(value: number): string {
  return `${hexOf(value >>> 24)}${hexOf(value >>> 16)}${hexOf(value >>> 8)}${hexOf(value)}`;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hexOf(value: number): string {
  return BYTES[value & 0xff] ?? '';
}
