import type { PlateEvent } from '../contract/plate-event.ts';
import { normalizePlate } from '../contract/plate-text.ts';
import { FIRST_TIME } from '../contract/plausible-time.ts';
import type { Sql } from '../db/sql.ts';
import { type KnownEvent, notePassages, type Passage, readKnown, readPassageEvents } from '../store/alerts/history.ts';
import { settle } from './conditions.ts';
import { Lookup } from './lookup.ts';
import type { Match } from './match.ts';
import { crossingsOf, type Judged } from './movements.ts';
import { explainPast, type Past } from './past.ts';
import { type Pasts, readPasts, type Subject } from './read-past.ts';
import type { RuleBook } from './rule-book.ts';
import { joinReasons } from './why.ts';

/** What the rules say of an event: everything that it matches wholly. An alert of it by any other rule is to be withdrawn. */
export type Decision = Readonly<{ event: PlateEvent; matches: readonly Match[] }>;

export type Given = Readonly<{
  sql: Sql;
  book: RuleBook;
  events: readonly PlateEvent[];
  /** Kept from batch to batch, it keeps the entries with wildcards. */
  lookup?: Lookup;
  /** Milliseconds; only visits that go on ask for it. */
  now?: number;
}>;

/** Most passages that are decided again because of one batch, the earliest. */
const MOST_AGAIN = 1000;

/** A clock that was wrong by that much says nothing about the past. */
const [FIRST_MS, LAST_MS] = [Date.parse(FIRST_TIME), Date.parse('9000-01-01T00:00:00.000Z')];

/**
 * Decides a batch of events. Of an event only its newest revision is decided, and none of which a newer one is known. Passages
 * that were decided before are decided again, with events of their own, when something in the batch changes their past: it
 * came late, or its plate is another one now. The outcome depends on what is known, not on the order in which it became known.
 */
export async function decide({ sql, book, lookup = new Lookup(sql), now = Date.now(), ...given }: Given) {
  const events = pickNewest(given.events);
  const context = { sql, book, lookup, now };
  const found = await findMatches(context, events);
  if (book.pasts.length === 0) return leaveSuperseded(sql, found);
  const dated = events.filter(isDated);
  const known = await readKnown(sql, idsOf(dated), spanOf(dated));
  await notePassages(sql, dated);
  const current = found.filter(({ event }) => !isSuperseded(event, known));
  const subjects = current.filter(({ event }) => isDated(event)).map((one) => subjectOf(one, known));
  const pasts = await readPasts(sql, book, subjects);
  const decisions = current.map((one) => settleAll(one, pasts, now));
  const again = [...pasts.disturbed].sort((a, b) => a.at - b.at).slice(0, MOST_AGAIN);
  return [...decisions, ...(await decideAgain(context, again))];
}

type Context = Readonly<{ sql: Sql; book: RuleBook; lookup: Lookup; now: number }>;

/** Decides passages of which nothing new is known but what others were. */
export async function decideAgain(
  context: Context,
  passages: readonly Pick<Passage, 'id' | 'at'>[],
): Promise<readonly Decision[]> {
  const { sql, book, now } = context;
  const found = await findMatches(context, await readPassageEvents(sql, passages));
  if (found.length === 0) return [];
  const pasts = await readPasts(
    sql,
    book,
    found.map((one) => subjectOf(one, new Map())),
  );
  return found.map((one) => settleAll(one, pasts, now));
}

async function findMatches({ book, lookup }: Context, events: readonly PlateEvent[]): Promise<readonly Decision[]> {
  const entries = await lookup.find(book, events);
  return events.map((event) => ({ event, matches: book.match(event, entries) }));
}

/** Only what matched is looked up: most events match nothing. */
async function leaveSuperseded(sql: Sql, found: readonly Decision[]): Promise<readonly Decision[]> {
  const matched = found.filter(({ event, matches }) => matches.length > 0 && isDated(event)).map(({ event }) => event);
  const known = await readKnown(sql, idsOf(matched), spanOf(matched));
  return found.filter(({ event }) => !isSuperseded(event, known));
}

function settleAll({ event, matches }: Decision, pasts: Pasts, now: number): Decision {
  if (matches.every(({ pending }) => pending === undefined)) return { event, matches };
  const past = { ...pasts.of(passageOf(event)), now };
  return { event, matches: matches.flatMap((match) => settleMatch(match, past)) };
}

/** The match with the reasons that the past has for it; none if the past says no. */
export function settleMatch(match: Match, past: Past): readonly Match[] {
  if (match.pending === undefined) return [match];
  const reasons = [match.why];
  const holds = settle(match.pending, (condition, isNegated) => {
    const reason = explainPast(condition, past);
    if (reason !== undefined && !isNegated) reasons.push(reason);
    return reason !== undefined;
  });
  if (!holds) return [];
  return [{ ...match, why: joinReasons(reasons), pending: undefined }];
}

function subjectOf({ event, matches }: Decision, known: ReadonlyMap<string, KnownEvent>): Subject {
  const passage = passageOf(event);
  const texts = new Set([passage.text, ...(known.get(passage.id)?.texts ?? [])]);
  texts.delete('');
  return { passage, texts: [...texts], isPending: matches.some(({ pending }) => pending !== undefined) };
}

/** What rules ask of the passage of an event. */
export function passageOf(event: Judged): Passage {
  return {
    id: event.event_id.toLowerCase(),
    at: Date.parse(event.detected_at),
    text: normalizePlate(event.plate.text_normalized),
    camera: event.camera_id,
    site: event.site_id,
    directions: crossingsOf(event).map(({ direction }) => direction),
  };
}

function pickNewest(events: readonly PlateEvent[]): readonly PlateEvent[] {
  const newest = new Map<string, PlateEvent>();
  for (const event of events) {
    const known = newest.get(event.event_id.toLowerCase());
    if (known === undefined || known.revision < event.revision) newest.set(event.event_id.toLowerCase(), event);
  }
  return [...newest.values()];
}

function isSuperseded({ event_id, revision }: PlateEvent, known: ReadonlyMap<string, KnownEvent>): boolean {
  return (known.get(event_id.toLowerCase())?.revision ?? 0) > revision;
}

function isDated({ detected_at }: PlateEvent): boolean {
  const at = Date.parse(detected_at);
  return at >= FIRST_MS && at <= LAST_MS;
}

function idsOf(events: readonly PlateEvent[]): readonly string[] {
  return events.map(({ event_id }) => event_id.toLowerCase());
}

function spanOf(events: readonly PlateEvent[]): Readonly<{ from: number; to: number }> {
  const times = events.map(({ detected_at }) => Date.parse(detected_at));
  return { from: Math.min(...times), to: Math.max(...times) };
}
