import type { Alert } from './alert.ts';
import type { LiveMessage, LiveWatch } from './live.ts';
import type { MetricsReport } from './metrics-report.ts';
import type { PageCamera, TrialMessage } from './page-camera.ts';
import type { PlateEvent } from './plate-event.ts';

/** What flows over each topic. */
export type TopicContent = Readonly<{
  /** Events, keyed by camera. */
  plates: PlateEvent;
  /** What rules found, keyed by rule. */
  alerts: Alert;
  /** What the processes count, keyed by process. */
  metrics: MetricsReport;
  /** Pictures and boxes for live viewers, keyed by camera; never stored, may be dropped. */
  live: LiveMessage;
  /** Who looks at live pictures now; the cameras of others need not send any. */
  watch: LiveWatch;
  /** Cameras that were added on the page, keyed by camera; the newest of each is kept for ever. */
  cameras: PageCamera;
  /** Cameras that somebody tries, and what came of it, keyed by trial. */
  trials: TrialMessage;
}>;

export type Topic = keyof TopicContent;

/** Names of all topics on the broker; configuration may rename them. */
export type Topics = Readonly<Record<Topic | 'deadLetters', string>>;

export const DEFAULT_TOPICS: Topics = {
  plates: 'alpr.events.plates',
  alerts: 'alpr.alerts',
  metrics: 'alpr.metrics',
  /** Messages that could never be handled, with the reason. */
  deadLetters: 'alpr.events.plates.dlq',
  live: 'alpr.live',
  watch: 'alpr.live.watch',
  cameras: 'alpr.cameras',
  trials: 'alpr.cameras.try',
};
