import { createRandom } from '../../src/base/random.ts';
import { type Rule, type RuleInput, ruleSchema } from '../../src/contract/rule.ts';

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const DIGITS = '0123456789';

export const LISTS = ['staff', 'tenants', 'suppliers', 'wanted', 'visitors'];
export const TAGS = ['vip', 'barred', 'pool'];

/** Rules of every kind, about as an installation with many cameras would have them; the same in every run. */
export function makeRules(count: number): readonly Rule[] {
  const { next, below } = createRandom(7);
  const pick = (from: string) => from.charAt(below(from.length));
  const word = (shape: string) => [...shape].map((kind) => pick(kind === 'L' ? LETTERS : DIGITS)).join('');
  const list = () => LISTS[below(LISTS.length)] ?? 'staff';
  const kinds: readonly (readonly [number, () => RuleInput['match']])[] = [
    [0.35, () => ({ exact: [word('LLDDLLL'), word('LLDDLLL')] })],
    [0.08, () => ({ prefix: word('LLDD') })],
    [0.04, () => ({ suffix: word('DLLL') })],
    [0.04, () => ({ contains: word('DDLL') })],
    [0.05, () => ({ wildcard: `${word('LL')}?${word('D')}*${word('L')}` })],
    [0.05, () => ({ regex: `${word('LL')}[0-9]{2}[${word('LLL')}]+` })],
    [0.15, () => ({ list: list() })],
    [0.04, () => ({ tag: TAGS[below(TAGS.length)] ?? 'vip' })],
    [0.01, () => ({ not_on: [list()] })],
    [0.08, () => ({ look_alike: word('LLDDLLL') })],
    [0.08, () => ({ likelihood: { of: word('LLDDLLL'), at_least: 0.2 } })],
    [0.02, () => ({ likelihood: { list: list(), at_least: 0.3 } })],
    [0.01, () => ({ every_passage: true })],
  ];
  return Array.from({ length: count }, (_, index) => {
    let share = next();
    const kind = kinds.find(([part]) => {
      share -= part;
      return share < 0;
    });
    const match = kind?.[1]() ?? { exact: word('LLDDLLL') };
    // Whatever is about many plates is of one camera; a third of the others is, too.
    const isBroad = ['list', 'tag', 'not_on', 'every_passage', 'likelihood'].some((name) => name in (match ?? {}));
    const when = {
      ...((isBroad || next() < 0.3) && { camera: `cam-${below(200)}` }),
      ...(next() < 0.2 && { schedule: { time_zone: 'Europe/Berlin', from: '22:00', to: '06:00' } }),
      ...(next() < 0.2 && { confidence: { at_least: 0.5 } }),
    };
    const act_at = next() < 0.2 ? { provisional: 0.9 } : ('final' as const);
    return ruleSchema.parse({ id: `rule-${index}`, name: `Rule ${index}`, match, when, act_at });
  });
}
