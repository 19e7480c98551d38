/** Names of the topics by what flows through them; configuration may rename them. */
export type Topics = Readonly<{
  plates: string;
  deadLetters: string;
  /** Pictures and boxes for live viewers; never stored, may be dropped. */
  live: string;
}>;

export const DEFAULT_TOPICS: Topics = {
  plates: 'alpr.events.plates',
  deadLetters: 'alpr.events.plates.dlq',
  live: 'alpr.live',
};
