import type { Rule } from './rule.ts';

/** An alarm of a monitoring system, as it was reported. */
export type Alarm = Readonly<{
  name: string;
  severity: Rule['severity'];
  /** Which of the alarms of that name it is, the same whenever it fires. */
  fingerprint: string;
  /** The same for people: its name, and what it is about. */
  subject: string;
  /** One sentence for people. */
  summary: string;
  /** When it began to fire, UTC with milliseconds. */
  since: string;
  isOver: boolean;
}>;
