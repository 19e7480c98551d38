import type { Scope } from '../../contract/access.ts';
import type { BackTestProgress } from '../../contract/api/back-test.ts';
import type { Rule } from '../../contract/rule.ts';
import type { Sql } from '../../db/sql.ts';
import { type PastRow, readPast } from '../../store/alerts/past-reads.ts';
import { passageOf, settleMatch } from '../rules/decide.ts';
import { Lookup } from '../rules/lookup.ts';
import type { Match } from '../rules/match.ts';
import type { Judged } from '../rules/movements.ts';
import { readPasts } from '../rules/read-past.ts';
import { compileRules, type RuleBook } from '../rules/rule-book.ts';
import { findTexts, needsWhole, placesOf } from './candidates.ts';
import { summarize, type WouldBe } from './summary.ts';

/** Plates that are looked up at once. */
const TEXTS = 1000;
/** How often it is told how far it came. */
const EVERY_MS = 500;

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
 * Tries a rule on what is stored, by the same code that decides events as they come, and yields what is known so far, about twice
 * a second and once at the end. Each passage counts as its newest revision has it. Unless a rule asks for characters, these
 * share the confidence of the text evenly. Whether a rule is enabled does not matter.
 */
export async function* backTest({ sql, rule, before, signal, ...wanted }: Given): AsyncGenerator<BackTestProgress> {
  const rules = before ? [rule, before] : [rule];
  const books = rules.map((one) => compileRules([{ ...one, enabled: true }]));
  const trial = { sql, books, lookup: new Lookup(sql), now: Date.now() };
  const outcome = { hits: [] as WouldBe[], added: [] as WouldBe[], removed: [] as WouldBe[] };
  const [cameras, sites] = [placesOf(rules, 'camera'), placesOf(rules, 'site')];
  const past = { ...wanted, cameras, sites, whole: rules.some(needsWhole) };
  let [reads, told] = [0, performance.now()];
  const tell = (done: number) => summarize(outcome, { rule, hasBefore: before !== undefined, done, reads });
  for await (const { rows, done } of readCandidates(sql, rules, past)) {
    signal.throwIfAborted();
    const [hits = [], hitsBefore = []] = await tryOn(trial, rows);
    reads += rows.length;
    outcome.hits.push(...hits);
    if (before) {
      const [ids, idsBefore] = [hits, hitsBefore].map((some) => new Set(some.map(({ id }) => id)));
      outcome.added.push(...hits.filter(({ id }) => !idsBefore?.has(id)));
      outcome.removed.push(...hitsBefore.filter(({ id }) => !ids?.has(id)));
    }
    if (performance.now() - told < EVERY_MS) continue;
    yield tell(Math.min(done, 0.999));
    told = performance.now();
  }
  yield tell(1);
}

type Candidates = Readonly<{ rows: readonly PastRow[]; done: number }>;

/** The reads that can match any of the rules, and the share of all of them that has been read. */
async function* readCandidates(
  sql: Sql,
  rules: readonly Rule[],
  past: Parameters<typeof readPast>[1],
): AsyncGenerator<Candidates> {
  const texts = await Promise.all(rules.map(({ id, match = {} }) => findTexts(sql, id, match)));
  if (texts.some((some) => some === undefined)) {
    const [from, to] = [Date.parse(past.from), Math.min(Date.parse(past.to), Date.now())];
    for await (const rows of readPast(sql, past)) {
      yield { rows, done: ((rows.at(-1)?.detected_at.getTime() ?? to) - from) / Math.max(1, to - from) };
    }
    return;
  }
  const all = [...new Set(texts.flatMap((some) => some ?? []))];
  for (let at = 0; at < all.length; at += TEXTS) {
    for await (const rows of readPast(sql, past, all.slice(at, at + TEXTS))) yield { rows, done: at / all.length };
  }
}

type Trial = Readonly<{ sql: Sql; books: readonly RuleBook[]; lookup: Lookup; now: number }>;

/** For each book the alerts that it would have made of these reads. */
async function tryOn({ sql, books, lookup, now }: Trial, rows: readonly PastRow[]): Promise<readonly WouldBe[][]> {
  const events = rows.map(judgedOf);
  return Promise.all(
    books.map(async (book) => {
      const entries = await lookup.find(book, events);
      const matched = events.flatMap((event) => {
        const [match] = book.match(event, entries);
        return match?.raises ? [{ passage: passageOf(event), match }] : [];
      });
      const pending = matched.filter(({ match }) => match.pending !== undefined);
      const subjects = pending.map(({ passage }) => ({ passage, texts: [passage.text], isPending: true }));
      const pasts = await readPasts(sql, book, subjects, { isLive: false });
      const holds = (match: Match, passage: ReturnType<typeof passageOf>) =>
        match.pending === undefined || settleMatch(match, { ...pasts.of(passage), now }).length > 0;
      return matched.flatMap(({ passage, match }) =>
        holds(match, passage)
          ? [{ id: passage.id, at: passage.at, camera: passage.camera, text: passage.text, p: match.matched.p }]
          : [],
      );
    }),
  );
}

function judgedOf(row: PastRow): Judged {
  if (row.event) return row.event;
  const detected_at = row.detected_at.toISOString();
  return {
    event_id: row.event_id,
    status: row.status,
    detected_at,
    site_id: row.site_id,
    camera_id: row.camera_id,
    plate: {
      text_normalized: row.text_normalized,
      confidence: row.confidence,
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
