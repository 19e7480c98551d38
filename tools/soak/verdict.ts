import type { Sent } from './check.ts';
import type { Hits } from './faults.ts';

/** What a run came to. Every `wrong` must be 0; `hits` has a line `all`. */
export type Outcome = Readonly<{
  seed: number;
  minutes: number;
  hits: Hits;
  sent: Sent;
  wrong: Readonly<Record<string, number>>;
}>;

/** Prints the tables, and the run as a row for the documents; answers whether nothing was wrong. */
export function printVerdict({ seed, minutes, hits, sent, wrong }: Outcome): boolean {
  console.table(Object.fromEntries(hits));
  console.table({
    'sent: passages': sent.newest.size,
    'sent: revisions': sent.events.length,
    'sent: messages that are no event': sent.poison.size,
    'sent: pictures': sent.pictures.length,
    ...wrong,
  });
  const faults = Object.values(wrong).reduce((sum, count) => sum + count, 0);
  const all = hits.get('all');
  const row = [seed, sent.newest.size, sent.poison.size, all?.killed, all?.stopped, faults, minutes.toFixed(1)];
  console.log('| seed | passages | poison | killed | stopped | anything wrong | minutes |');
  console.log(`| ${row.join(' | ')} |`);
  return faults === 0;
}
