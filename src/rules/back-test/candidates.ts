import type { Condition, PlateMatch, Rule } from '../../contract/rule.ts';
import type { Sql } from '../../db/sql.ts';
import { readWildcardEntries } from '../../store/alerts/lists-lookup.ts';
import { findTextsAlike, findTextsLike, findTextsListed, readAllTexts } from '../../store/alerts/past-reads.ts';
import { Regexes } from '../regexes.ts';

/** Which stored plates a way to match can be about; undefined where it can be any. Never too few. */
export async function findTexts(sql: Sql, id: string, match: PlateMatch): Promise<readonly string[] | undefined> {
  const { exact, prefix, suffix, contains, wildcard, regex, list, tag, look_alike } = match;
  if (exact) return exact;
  if (prefix)
    return findAllLike(
      sql,
      prefix.map((part) => `${part}*`),
    );
  if (suffix)
    return findAllLike(
      sql,
      suffix.map((part) => `*${part}`),
    );
  if (contains)
    return findAllLike(
      sql,
      contains.map((part) => `*${part}*`),
    );
  if (wildcard) return findAllLike(sql, wildcard);
  if (regex !== undefined) return findExpressed(sql, id, regex);
  if (list || tag) return findListed(sql, { lists: list ?? [], tags: tag ?? [] });
  // The characters of a read may make it any plate.
  return look_alike && findTextsAlike(sql, look_alike);
}

/** What every one of some rules asks of the place; undefined where one of them asks for none. */
export function placesOf(rules: readonly Rule[], field: 'camera' | 'site'): readonly string[] | undefined {
  const asked = rules.map(({ when }) => when?.[field]);
  return asked.every((places) => places !== undefined) ? [...new Set(asked.flat())] : undefined;
}

/** Whether a rule asks for what only the event itself has: its characters, lines, and how long it stood. */
export function needsWhole({ match, when }: Rule): boolean {
  return match?.likelihood !== undefined || (when !== undefined && asksWhole(when));
}

function asksWhole({ line, stationary, all = [], any = [], not }: Condition): boolean {
  return line !== undefined || stationary !== undefined || [...all, ...any, ...(not ? [not] : [])].some(asksWhole);
}

async function findAllLike(sql: Sql, patterns: readonly string[]): Promise<readonly string[]> {
  const texts = new Set<string>();
  for (const pattern of patterns) for (const text of await findTextsLike(sql, pattern)) texts.add(text);
  return [...texts];
}

async function findListed(sql: Sql, wanted: Readonly<{ lists: readonly string[]; tags: readonly string[] }>) {
  const wildcards = (await readWildcardEntries(sql)).filter(
    ({ list, tags }) => wanted.lists.includes(list) || tags.some((tag) => wanted.tags.includes(tag)),
  );
  const like = await findAllLike(
    sql,
    wildcards.map(({ pattern }) => pattern),
  );
  return [...new Set([...(await findTextsListed(sql, wanted)), ...like])];
}

async function findExpressed(sql: Sql, id: string, source: string): Promise<readonly string[]> {
  const regexes = new Regexes();
  regexes.add(0, id, source);
  const begin = beginningOf(source);
  if (begin !== '') return (await findTextsLike(sql, `${begin}*`)).filter((text) => regexes.find(text).length > 0);
  const found: string[] = [];
  for await (const texts of readAllTexts(sql)) {
    for (const text of texts) if (regexes.find(text).length > 0) found.push(text);
  }
  return found;
}

/** The letters and digits with which all begins that an expression is of; empty where it names none, or several. */
export function beginningOf(source: string): string {
  if (source.includes('|')) return '';
  const [, begin = '', next = ''] = /^\^?([A-Z0-9]*)(.?)/su.exec(source) ?? [];
  // The last one may be left out.
  return /[*?{]/.test(next) ? begin.slice(0, -1) : begin;
}
