import type { Sql } from '../../db/sql.ts';
import type { Near } from '../engine.ts';
import { listOneEdit, splitHalves } from '../near-texts.ts';

/** Above every text that begins with the same characters: the highest code point there is. */
const HIGHEST = 'chr(1114111)';

const SAME = 'SELECT text FROM plate_texts WHERE folded = ANY ($1::text[])';

/**
 * Texts within two edits. Each half is looked up by its beginning in an index that holds all that is asked for, and the few
 * that come up are compared: how many grows with how many texts share four characters, not with how many there are.
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

/** Each text within the budget once, in no order. */
export async function findNearTexts(sql: Sql, { folded, budget }: Near): Promise<readonly string[]> {
  const rows = await sql.query<{ text: string }>(...statementFor(folded, budget));
  return rows.map(({ text }) => text);
}

function statementFor(folded: string, budget: Near['budget']): [string, unknown[]] {
  if (budget === 0) return [SAME, [[folded]]];
  if (budget === 1) return [SAME, [listOneEdit(folded)]];
  const { variantsAt, variants, exact } = splitHalves(folded);
  return [variantsAt === 'end' ? AT_END : AT_BEGIN, [folded, budget, exact, variants]];
}

/** As a range, which an index answers whatever the collation is and for values that are known only when it runs. */
function beginsWith(column: string, value: string): string {
  return `${column} ~>=~ ${value} AND ${column} ~<~ (${value} || ${HIGHEST})`;
}
