/** Names of the topics by what flows through them; configuration may rename them. */
export type Topics = Readonly<{
  /** Events, keyed by camera. */
  plates: string;
  /** Alerts, keyed by rule. */
  alerts: string;
  /** What the processes count, keyed by process. */
  metrics: string;
  /** Messages that could never be handled, with the reason. */
  deadLetters: string;
  /** Pictures and boxes for live viewers; never stored, may be dropped. */
  live: string;
  /** Who looks at live pictures now; the cameras of others need not send any. */
  watch: string;
}>;

export const DEFAULT_TOPICS: Topics = {
  plates: 'alpr.events.plates',
  alerts: 'alpr.alerts',
  metrics: 'alpr.metrics',
  deadLetters: 'alpr.events.plates.dlq',
  live: 'alpr.live',
  watch: 'alpr.live.watch',
};
