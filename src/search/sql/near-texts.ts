import type { Sql } from '../../db/sql.ts';
import { scopeCondition } from '../../store/scope.ts';
import type { Near } from '../engine.ts';
import { listOneEdit, splitHalves } from '../near-texts.ts';

/** Sorts after every text that begins with the same characters: the highest code point. */
const HIGHEST = 'chr(1114111)';

const SAME = 'SELECT text FROM plate_texts WHERE folded = ANY ($1::text[])';

/**
 * Texts within two edits. An index with all needed columns looks up each half by its prefix, and the few texts found
 * are compared: how few depends on how many texts share four characters, not on how many there are.
 */
const AT_END = `SELECT text FROM (
    SELECT text, folded FROM plate_texts WHERE ${beginsWith('folded', '$3')}
    UNION
    SELECT found.text, found.folded FROM unnest($4::text[]) AS variant CROSS JOIN LATERAL (
      SELECT text, folded FROM plate_texts WHERE ${beginsWith('reverse(folded)', 'reverse(variant)')}) AS found
  ) AS half WHERE levenshtein_less_equal(folded, $1, $2) <= $2`;

const AT_BEGIN = `SELECT text FROM (
    SELECT text, folded FROM plate_texts WHERE ${beginsWith('reverse(folded)', 'reverse($3)')}
    UNION
    SELECT found.text, found.folded FROM unnest($4::text[]) AS variant CROSS JOIN LATERAL (
      SELECT text, folded FROM plate_texts WHERE ${beginsWith('folded', 'variant')}) AS found
  ) AS half WHERE levenshtein_less_equal(folded, $1, $2) <= $2`;

/** Each text within the budget once, in no particular order. */
export async function findNearTexts(sql: Sql, { folded, budget, scope }: Near): Promise<readonly string[]> {
  const [statement, given] = statementFor(folded, budget);
  const values = [...given];
  const where = scopeCondition(scope, (value) => `$${values.push(value)}`);
  const rows = await sql.query<{ text: string }>(scope === undefined ? statement : onlySeen(statement, where), values);
  return rows.map(({ text }) => text);
}

/** Texts are kept of all cameras together: those that no admitted camera has read would crowd out others. */
function onlySeen(statement: string, where: string): string {
  return `WITH near AS MATERIALIZED (${statement})
    SELECT text FROM near WHERE EXISTS (SELECT FROM plate_events WHERE text_normalized = near.text AND ${where})`;
}

function statementFor(folded: string, budget: Near['budget']): [string, unknown[]] {
  if (budget === 0) return [SAME, [[folded]]];
  if (budget === 1) return [SAME, [listOneEdit(folded)]];
  const { variantsAt, variants, exact } = splitHalves(folded);
  return [variantsAt === 'end' ? AT_END : AT_BEGIN, [folded, budget, exact, variants]];
}

/** As a range, which an index can answer in any collation and for values that are known only at run time. */
function beginsWith(column: string, value: string): string {
  return `${column} ~>=~ ${value} AND ${column} ~<~ (${value} || ${HIGHEST})`;
}
