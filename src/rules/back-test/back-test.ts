import { admits, type Scope } from '../../contract/access.ts';
import type { BackTestProgress } from '../../contract/api/back-test.ts';
import type { Rule } from '../../contract/rule.ts';
import type { Sql } from '../../db/sql.ts';
import { type Passage, timeOf } from '../../store/alerts/history.ts';
import { type PastRow, type PastWanted, readPast } from '../../store/alerts/past-reads.ts';
import { passageOf, settleMatch } from '../decide.ts';
import { Lookup } from '../lookup.ts';
import type { Match } from '../match.ts';
import type { Judged } from '../movements.ts';
import { readPasts } from '../read-past.ts';
import { compileRules, type RuleBook } from '../rule-book.ts';
import { findTexts, needsWhole, placesOf } from './candidates.ts';
import { summarize, type WouldBe } from './summary.ts';
import { findWindow, Window } from './window.ts';

/** Plates that are looked up at once. */
const TEXTS = 1000;
/** How often it is told how far it came; telling takes longer the more was found, and at most a twentieth of the time. */
const EVERY_MS = 1000;
const TELLING_SHARE = 20;
/** Of a confidence. */
const DECIMALS = 100_000;

type Given = Readonly<{
  sql: Sql;
  rule: Rule;
  before?: Rule | undefined;
  /** What whoever asks may see: alerts elsewhere are not counted, though passages there count for what rules ask of the past. */
  scope: Scope;
  /** ISO 8601, both included. */
  from: string;
  to: string;
  signal: AbortSignal;
}>;

/**
 * Tries a rule on what is stored, by the same code that decides events as they come, and yields what is known so far, about once
 * a second and at the end. Each passage counts as its newest revision has it. Unless a rule asks for characters, these
 * share the confidence of the text evenly. Whether a rule is enabled does not matter.
 */
export async function* backTest({ sql, rule, before, signal, ...wanted }: Given): AsyncGenerator<BackTestProgress> {
  const rules = before ? [rule, before] : [rule];
  const books = rules.map((one) => compileRules([{ ...one, enabled: true }]));
  const plan = await planReading(sql, rules, books, wanted);
  const trial = {
    sql,
    books,
    lookup: new Lookup(sql),
    now: Date.now(),
    window: plan.window,
    isWanted: isWanted(wanted),
  };
  const outcome: Record<'hits' | 'added' | 'removed', WouldBe[]> = { hits: [], added: [], removed: [] };
  let [reads, next] = [0, performance.now() + EVERY_MS];
  const tell = (done: number) => summarize(outcome, { rule, hasBefore: before !== undefined, done, reads });
  for await (const { rows, done } of readCandidates(sql, plan)) {
    signal.throwIfAborted();
    const [hits = [], hitsBefore = []] = await tryOn(trial, rows);
    reads += rows.length;
    outcome.hits.push(...hits);
    if (before) {
      const [ids, idsBefore] = [hits, hitsBefore].map((some) => new Set(some.map(({ id }) => id)));
      outcome.added.push(...hits.filter(({ id }) => !idsBefore?.has(id)));
      outcome.removed.push(...hitsBefore.filter(({ id }) => !ids?.has(id)));
    }
    const began = performance.now();
    if (began < next) continue;
    const progress = tell(Math.min(done, 0.999));
    next = began + Math.max(EVERY_MS, TELLING_SHARE * (performance.now() - began));
    yield progress;
  }
  yield tell(1);
}

type Wanted = Pick<Given, 'scope' | 'from' | 'to'>;

/** What is read: of which plates, or all; and a window of passages where the rules look back over what is read anyway. */
type Plan = Readonly<{ past: PastWanted; texts: readonly string[] | undefined; window: Window | undefined }>;

async function planReading(
  sql: Sql,
  rules: readonly Rule[],
  books: readonly RuleBook[],
  wanted: Wanted,
): Promise<Plan> {
  const found = await Promise.all(rules.map(({ id, match = {} }) => findTexts(sql, id, match)));
  const texts = found.every((some) => some !== undefined) ? [...new Set(found.flat())] : undefined;
  const whole = rules.some(needsWhole);
  const from = Date.parse(wanted.from);
  const pasts = books.flatMap((book) => book.pasts);
  const back = texts ? undefined : findWindow(pasts, Math.min(Date.parse(wanted.to), Date.now()) - from);
  if (back === undefined) {
    const past = { ...wanted, cameras: placesOf(rules, 'camera'), sites: placesOf(rules, 'site'), whole };
    return { past, texts, window: undefined };
  }
  // Passages anywhere count for what a rule asks of the past.
  const everywhere = { scope: undefined, cameras: undefined, sites: undefined };
  const past = { ...everywhere, from: timeOf(from - back), to: wanted.to, whole };
  return { past, texts, window: new Window(back) };
}

type Candidates = Readonly<{ rows: readonly PastRow[]; done: number }>;

/** The reads that can match any of the rules, and the share of all of them that has been read. */
async function* readCandidates(sql: Sql, { past, texts }: Plan): AsyncGenerator<Candidates> {
  if (!texts) {
    const [from, to] = [Date.parse(past.from), Math.min(Date.parse(past.to), Date.now())];
    for await (const rows of readPast(sql, past)) {
      yield { rows, done: ((rows.at(-1)?.at ?? to) - from) / Math.max(1, to - from) };
    }
    return;
  }
  for (let at = 0; at < texts.length; at += TEXTS) {
    for await (const rows of readPast(sql, past, texts.slice(at, at + TEXTS))) yield { rows, done: at / texts.length };
  }
}

/** Whether a passage is one that was asked for, where others are read as well. */
function isWanted({ scope, from, to }: Wanted): (passage: Passage) => boolean {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  return ({ at, camera, site }) => at >= first && at <= last && admits(scope, { camera, site });
}

type Trial = Readonly<{
  sql: Sql;
  books: readonly RuleBook[];
  lookup: Lookup;
  now: number;
  window: Window | undefined;
  isWanted: (passage: Passage) => boolean;
}>;

/** For each book the alerts that it would have made of these reads. */
async function tryOn(trial: Trial, rows: readonly PastRow[]): Promise<readonly WouldBe[][]> {
  const { books, lookup, window, isWanted } = trial;
  const all = rows.map(judgedOf).map((event) => ({ event, passage: passageOf(event) }));
  window?.move(all.map(({ passage }) => passage));
  const wanted = all.filter(({ passage }) => isWanted(passage));
  return Promise.all(
    books.map(async (book) => {
      const entries = await lookup.find(
        book,
        wanted.map(({ event }) => event),
      );
      const matched = wanted.flatMap(({ event, passage }) =>
        book.match(event, entries).flatMap((match) => (match.raises ? [{ passage, match }] : [])),
      );
      const settled = await settlePast(trial, book, matched);
      return settled.map(({ passage: { id, at, camera, text }, match }) => ({
        id,
        at,
        camera,
        text,
        p: match.matched.p,
      }));
    }),
  );
}

type Found = Readonly<{ passage: Passage; match: Match }>;

async function settlePast(
  { sql, now, window }: Trial,
  book: RuleBook,
  matched: readonly Found[],
): Promise<readonly Found[]> {
  const subjects = matched
    .filter(({ match }) => match.pending !== undefined)
    .map(({ passage }) => ({ passage, texts: [passage.text], isPending: true }));
  const pasts = window ?? (await readPasts(sql, book, subjects, { isLive: false }));
  return matched.filter(
    ({ passage, match }) => match.pending === undefined || settleMatch(match, { ...pasts.of(passage), now }).length > 0,
  );
}

function judgedOf(row: PastRow): Judged {
  if (row.event) return row.event;
  const detected_at = new Date(row.at).toISOString();
  return {
    event_id: row.event_id,
    status: row.status,
    detected_at,
    site_id: row.site_id,
    camera_id: row.camera_id,
    plate: {
      text_normalized: row.text_normalized,
      confidence: Math.round(row.confidence * DECIMALS) / DECIMALS,
      region: row.region,
      chars: [],
      candidates: [],
    },
    vehicle: { type: row.vehicle_type },
    motion: {
      stationary: false,
      dwell_ms: 0,
      crossings: row.directions?.map((direction) => ({ line: '', direction, at: detected_at })) ?? null,
      zones: row.zones?.map((zone) => ({ zone, dwell_ms: 0 })) ?? null,
    },
  };
}
