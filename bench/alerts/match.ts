import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { joinEntries, NO_ENTRIES } from '../../src/rules/entries.ts';
import { compileRules } from '../../src/rules/rule-book.ts';
import { makeReads } from '../backend/search-plates.ts';
import type { Row } from '../row.ts';
import { compilePlainly } from './plain-loop.ts';
import { LISTS, makeRules, TAGS } from './rules.ts';

const EVENTS = 20_000;
/** The plain loop is given fewer. */
const PLAIN_EVENTS = 500;

/** Matching events in one process, entries of lists at hand, beside a plain loop over the same rules. */
export function measureMatching(): readonly Row[] {
  const events = [...makeReads(EVENTS, Date.now())].map(({ event }) => event);
  return [1000, 10_000].flatMap((count) => measure(events, count));
}

function measure(events: readonly PlateEvent[], count: number): readonly Row[] {
  const rules = makeRules(count);
  const started = performance.now();
  const book = compileRules(rules);
  const compiled = performance.now() - started;
  // One plate in ten is on a list.
  const plates = [...new Set(events.map(({ plate }) => plate.text_normalized))].filter((_, index) => index % 10 === 0);
  const exact = plates.map((pattern, index) => ({
    ...{
      list: LISTS[index % LISTS.length] ?? '',
      pattern,
      name: '',
      note: '',
      group: '',
      tags: [TAGS[index % 9] ?? ''],
    },
    ...{ validFrom: undefined, validUntil: undefined, schedule: undefined },
  }));
  const entries = joinEntries(exact, NO_ENTRIES);
  const matchPlainly = compilePlainly(rules);
  const match = (event: PlateEvent) => book.match(event, entries).length;
  const indexed = perSecond(events, match);
  const plain = perSecond(events.slice(0, PLAIN_EVENTS), (event) => matchPlainly(event, entries));
  const what = `${count.toLocaleString('en-GB')} rules`;
  return [
    { what: `${what}: made ready`, value: compiled, unit: 'ms' },
    { what: `${what}: a plain loop over them`, value: plain, unit: 'events/s' },
    { what: `${what}: matched`, value: indexed, unit: 'events/s', ratio: indexed / plain, against: 'the plain loop' },
  ];
}

/** The best of three rounds, by the time that the processor was busy: others may use the machine. */
function perSecond(events: readonly PlateEvent[], match: (event: PlateEvent) => number): number {
  const rounds = [1, 2, 3].map(() => {
    let matches = 0;
    const started = process.cpuUsage();
    for (const event of events) matches += match(event);
    const { user, system } = process.cpuUsage(started);
    if (matches === 0) throw new Error('Expected some rules to match');
    return events.length / ((user + system) / 1e6);
  });
  return Math.max(...rounds);
}
