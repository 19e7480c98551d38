import type { Rule } from '../contract/rule.ts';
import type { Matched } from './match.ts';

/** One sentence that says what matched and how, such as `AB12CDE is on the list staff (Jane Doe).` */
export function explainMatch(text: string, rule: Rule, matched: Matched, past: readonly string[] = []): string {
  const clauses = [`${text === '' ? 'A vehicle' : text} ${describe(rule, matched)}`, ...past];
  const last = clauses.length > 1 ? ` and ${clauses.pop()}` : '';
  return `${clauses.join(', ')}${last}.`.slice(0, 1000);
}

function describe({ match }: Rule, { by, wanted, p, entry }: Matched): string {
  const named = entry?.name ? ` (${entry.name})` : '';
  switch (by) {
    case 'exact':
      return 'is a plate of this rule';
    case 'prefix':
      return `begins with ${wanted}`;
    case 'suffix':
      return `ends with ${wanted}`;
    case 'contains':
      return `contains ${wanted}`;
    case 'wildcard':
      return `fits ${wanted}`;
    case 'regex':
      return `fits the expression ${wanted}`;
    case 'list':
      return `is on the list ${entry?.list}${named}`;
    case 'tag':
      return `has the tag ${entry?.tags.find((tag) => match?.tag?.includes(tag))} on the list ${entry?.list}${named}`;
    case 'not_on':
      return `is not on ${match?.not_on?.length === 1 ? 'the list' : 'any of the lists'} ${match?.not_on?.join(', ')}`;
    case 'look_alike':
      return `looks like ${wanted}`;
    case 'likelihood':
      return `is ${wanted} with a probability of ${p.toFixed(2)}${entry ? `, on the list ${entry.list}${named}` : ''}`;
    case 'every_passage':
      return 'passed';
  }
}
