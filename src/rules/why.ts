import type { Rule } from '../contract/rule.ts';
import type { Matched } from './match.ts';

type NameOf = (list: string) => string;

/** What matched and how, such as `AB12CDE is on the list Staff (Jane Doe)`; `nameOf` says what a list is called. */
export function explainMatch(text: string, rule: Rule, matched: Matched, nameOf: NameOf): string {
  return `${text === '' ? 'A vehicle' : text} ${describe(rule, matched, nameOf)}`;
}

/** One sentence of what matched and what the past adds. */
export function joinReasons(reasons: readonly string[]): string {
  const first = reasons.slice(0, -1).join(', ');
  return `${first && `${first} and `}${reasons.at(-1)}.`.slice(0, 1000);
}

function describe({ match }: Rule, { by, wanted, p, entry }: Matched, nameOf: NameOf): string {
  const list = entry ? `the list ${nameOf(entry.list)}${entry.name ? ` (${entry.name})` : ''}` : '';
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
      return `is on ${list}`;
    case 'tag':
      return `has the tag ${entry?.tags.find((tag) => match?.tag?.includes(tag))} on ${list}`;
    case 'not_on':
      return `is not on ${match?.not_on?.length === 1 ? 'the list' : 'any of the lists'} ${match?.not_on?.map(nameOf).join(', ')}`;
    case 'look_alike':
      return `looks like ${wanted}`;
    case 'likelihood':
      return `is ${wanted} with a probability of ${p.toFixed(2)}${list && `, on ${list}`}`;
    case 'every_passage':
      return 'passed';
  }
}
