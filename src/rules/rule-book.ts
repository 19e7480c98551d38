import { alertSchema } from '../contract/alert.ts';
import { LEAST_LIKELY, type LikelyText, listLikelyTexts } from '../contract/likely-texts.ts';
import type { Rule } from '../contract/rule.ts';
import { readOf, type StoredRead } from '../contract/stored-read.ts';
import { certaintyOf, certaintyOfText } from './certainty.ts';
import { ask, compileCondition, type PastCondition, pastsOf, type Test } from './conditions.ts';
import { type Entries, isInForce, type ListEntry } from './entries.ts';
import { type Hit, Hits } from './hits.ts';
import { ListIndex } from './list-index.ts';
import type { Match, Matched, MatchKind } from './match.ts';
import type { Judged } from './movements.ts';
import { Places } from './places.ts';
import { PlateIndex } from './plate-index.ts';
import { explainMatch, joinReasons } from './why.ts';
import { Zones } from './zones.ts';

/** Rules made ready: what an event matches is found without walking through them. */
export interface RuleBook {
  /** Whether any rule asks for lists. */
  readonly asksLists: boolean;
  /** Everything that the rules ask of other passages. */
  readonly pasts: readonly AskedPast[];
  /**
   * Texts whose entries must be known before `match`: the text that was read, then every text that it may be with at least the
   * least probability that a rule about lists asks for, the likeliest first. None if no rule asks for lists.
   */
  textsOf(event: Judged): readonly string[];
  /** The rules whose plate the event has and whose conditions hold, as far as the event alone can tell. */
  match(event: Judged, entries: Entries): readonly Match[];
}

/** What the rule of an id asks of the past. */
export type AskedPast = Readonly<{ rule: string; past: PastCondition }>;

/** Makes the enabled rules about plates ready; throws RULE_INVALID naming a rule and what was expected of it. */
export function compileRules(rules: readonly Rule[]): RuleBook {
  return new CompiledRules(rules.filter(({ enabled, match }) => enabled && match !== undefined));
}

const KINDS = alertSchema.shape.matched.unwrap().shape.by.options;

type Wanted = Readonly<{ rule: number; order: number; text: string; atLeast: number }>;

/** What one event is asked about. */
type Asked = Readonly<{ event: Judged; at: number; read: StoredRead; entries: Entries }>;

class CompiledRules implements RuleBook {
  readonly asksLists: boolean;
  readonly pasts: readonly AskedPast[];
  readonly #rules: readonly Rule[];
  readonly #kinds: readonly MatchKind[];
  readonly #tests: readonly (Test | undefined)[];
  readonly #zones = new Zones();
  readonly #places: Places;
  readonly #index = new PlateIndex();
  readonly #lists = new ListIndex();
  readonly #likely: ReadonlyMap<string, readonly Wanted[]>;
  /** The least probability that any rule asks for: of texts whose entries must be known, of those on lists, of any. */
  readonly #least: Readonly<{ entries: number; lists: number; any: number }>;

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#kinds = rules.map(({ match }) => KINDS.find((kind) => match?.[kind] !== undefined) ?? 'every_passage');
    this.#tests = rules.map(({ when }) => when && compileCondition(when, this.#zones));
    this.#places = new Places(rules);
    for (const [number, { id, match }] of rules.entries()) {
      if (!match) continue;
      this.#index.add(number, id, match);
      this.#lists.add(number, match);
    }
    this.#likely = Map.groupBy(rules.flatMap(listWanted), ({ text }) => text);
    this.asksLists = rules.some(({ match }) => match?.list ?? match?.tag ?? match?.not_on ?? match?.likelihood?.list);
    this.pasts = rules.flatMap(({ id }, number) => {
      const test = this.#tests[number];
      return test ? pastsOf(test).map((past) => ({ rule: id, past })) : [];
    });
    const lists = leastOf(rules, ({ match }) => (match?.likelihood?.list ? match.likelihood.at_least : undefined));
    this.#least = {
      entries: leastOf(rules, ({ match }) => (match?.not_on ? LEAST_LIKELY : lists)),
      lists,
      any: leastOf(rules, ({ match }) => match?.likelihood?.at_least),
    };
  }

  textsOf(event: Judged): readonly string[] {
    if (!this.asksLists || event.status === 'retracted') return [];
    const read = readOf(event);
    if (read.text === '') return [];
    const likely = listFrom(read, this.#least.entries).map(({ text }) => text);
    return [...new Set([read.text, ...likely])];
  }

  match(event: Judged, entries: Entries): readonly Match[] {
    if (event.status === 'retracted') return [];
    const asked = { event, entries, at: Date.parse(event.detected_at), read: readOf(event) };
    const found: Match[] = [];
    for (const hit of this.#findHits(asked)) {
      const test = this.#tests[hit.rule];
      const answer = test ? ask(test, event, asked.at) : true;
      if (answer !== false) found.push(this.#describe(hit, asked, answer === true ? undefined : answer));
    }
    return found;
  }

  #findHits(asked: Asked): readonly Hit[] {
    const { event, read } = asked;
    const hits = new Hits();
    const { rules, always } = this.#places.at(event.camera_id, event.site_id);
    const isEarly = event.status === 'provisional';
    const tell = (hit: Hit) => {
      if (rules[hit.rule] === 1 && !(isEarly && this.#rules[hit.rule]?.act_at === 'final')) hits.add(hit);
    };
    const isOn = new Set<string>();
    if (read.text !== '') {
      this.#index.find(read.text, ({ rule, order, text }) =>
        tell({ rule, order, wanted: text, entry: undefined, p: undefined }),
      );
      for (const entry of this.asksLists ? this.#inForce(read.text, asked) : []) {
        isOn.add(entry.list);
        this.#lists.find(entry, rules, tell);
      }
      for (const likely of listFrom(read, this.#least.any)) {
        for (const hit of this.#likely.get(likely.text) ?? []) {
          if (likely.p >= hit.atLeast) tell({ ...hit, wanted: likely.text, entry: undefined, p: likely.p });
        }
        if (likely.p < this.#least.lists) continue;
        for (const entry of this.#inForce(likely.text, asked)) this.#lists.findLikely(entry, likely.p, rules, tell);
      }
    }
    for (const rule of always) {
      const lists = this.#rules[rule]?.match?.not_on;
      if (lists && (read.text === '' || lists.some((list) => isOn.has(list)))) continue;
      tell({ rule, order: 0, wanted: null, entry: undefined, p: undefined });
    }
    return hits.list();
  }

  #inForce(text: string, { entries, at }: Asked): readonly ListEntry[] {
    return entries.of(text).filter((entry) => isInForce(entry, at, this.#zones));
  }

  #describe(hit: Hit, asked: Asked, pending: Match['pending']): Match {
    const rule = this.#rules[hit.rule];
    const by = this.#kinds[hit.rule];
    if (!rule || !by) throw new RangeError(`Expected the number of a rule, got ${hit.rule}`);
    const { event, read, entries } = asked;
    const p = hit.p ?? this.#certainty(rule, by, hit, asked);
    const matched: Matched = { by, wanted: hit.wanted, p, entry: hit.entry ? shown(hit.entry) : null };
    const raises = event.status !== 'provisional' || (rule.act_at !== 'final' && p >= rule.act_at.provisional);
    const why = explainMatch(read.text, rule, matched, entries.nameOf.bind(entries));
    return { rule, matched, why: pending ? why : joinReasons([why]), pending, raises };
  }

  #certainty({ match }: Rule, by: MatchKind, { wanted }: Hit, asked: Asked): number {
    if (by === 'every_passage') return 1;
    if (by !== 'not_on') return wanted === null ? certaintyOfText(asked.read) : certaintyOf(by, wanted, asked.read);
    const isOn = ({ text }: LikelyText) => this.#inForce(text, asked).some(({ list }) => match?.not_on?.includes(list));
    const likely = listLikelyTexts(asked.read, LEAST_LIKELY).filter(isOn);
    return Math.max(0, 1 - likely.reduce((sum, { p }) => sum + p, 0));
  }
}

function listWanted({ match }: Rule, rule: number): readonly Wanted[] {
  const { of = [], at_least: atLeast = 1 } = match?.likelihood ?? {};
  return of.map((text, order) => ({ rule, order, text, atLeast }));
}

/** Infinity where no rule asks for a probability. */
function leastOf(rules: readonly Rule[], of: (rule: Rule) => number | undefined): number {
  return rules.reduce((least, rule) => Math.min(least, of(rule) ?? Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
}

function listFrom(read: StoredRead, least: number): readonly LikelyText[] {
  return least > 1 ? [] : listLikelyTexts(read, least);
}

function shown({ list, pattern, name, note, group, tags }: ListEntry): Matched['entry'] {
  return { list, text: pattern, name, note, group, tags: [...tags] };
}

/** RULE_INVALID where the schema sees no fault but the rule cannot be used, as with a regular expression that is none; also while it is off. */
export function checkRule(rule: Rule): void {
  compileRules([{ ...rule, enabled: true }]);
}
