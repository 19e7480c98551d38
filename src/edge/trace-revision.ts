import type { PlateEvent } from '../contract/plate-event.ts';
import { passageStep } from '../telemetry/tracing/span.ts';
import type { Step } from '../telemetry/tracing/tracing.ts';
import type { FrameWork } from './frame-times.ts';

/** A frame that was looked at so long after it was taken comes from a recording, and did not wait. */
const LIVE_MS = 3_600_000;

export type MeasuredStep = Readonly<{ from: number; ms: number; failure?: string | undefined }>;

type Made = Readonly<{
  event: PlateEvent;
  /** Of the frame that the text and the pictures come from; undefined where that was too long ago. */
  work: FrameWork | undefined;
  /** Undefined where those of an earlier revision serve. */
  pictures: MeasuredStep | undefined;
  spool: MeasuredStep;
  /** Whether this is another text than that of the revision before. */
  isContradicted: boolean;
}>;

/** How a revision of an event came about, from the frame of its best look to the spool. The last one ends the passage. */
export function listSteps({ event, work, pictures, spool, isContradicted }: Made): readonly Step[] {
  const root = passageStep(event);
  const passage = { ...root, attributes: { ...root.attributes, 'alpr.contradicted': isContradicted } };
  return [
    ...(event.status === 'final' ? [passage] : []),
    ...(work ? listFrameSteps(work) : listKnownSteps(event)),
    ...(pictures ? [toStep('pictures', pictures)] : []),
    toStep('spool', spool),
  ];
}

/** The stages of the pipeline follow each other without a pause. */
function listFrameSteps({ capturedAt, startedAt, timings }: FrameWork): readonly Step[] {
  const isLive = startedAt - capturedAt < LIVE_MS;
  const detected = startedAt + timings.detectMs;
  const tracked = detected + timings.trackMs;
  const read = tracked + timings.readMs;
  return [
    { name: 'frame', from: capturedAt, to: isLive ? startedAt : capturedAt },
    { name: 'detect', from: startedAt, to: detected },
    { name: 'track', from: detected, to: tracked },
    { name: 'read', from: tracked, to: read },
    { name: 'fuse', from: read, to: read + timings.fuseMs },
  ];
}

/** All looks together, laid to the best one. */
function listKnownSteps({ time, processing }: PlateEvent): readonly Step[] {
  const best = Date.parse(time.best);
  const detected = best + processing.detect_ms;
  return [
    { name: 'frame', from: best, to: best },
    { name: 'detect', from: best, to: detected },
    { name: 'read', from: detected, to: detected + processing.read_ms },
  ];
}

function toStep(name: 'pictures' | 'spool', { from, ms, failure }: MeasuredStep): Step {
  return { name, from, to: from + ms, failure };
}
