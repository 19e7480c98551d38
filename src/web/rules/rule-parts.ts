import type { Condition, PlateMatch, SystemMatch } from '../../contract/rule.ts';

/** A part of a rule as it is edited: what the form does not know stays in it. */
export type Tree = Readonly<Record<string, unknown>>;

/** What the page knows that rules may name. */
export type KnownNames = 'cameras' | 'directions' | 'zones' | 'vehicles' | 'lists' | 'channels';

/** How a part of a rule is edited. */
export type Kind =
  | 'text'
  | 'words'
  | 'share'
  | 'span'
  | 'whole'
  | 'always'
  | 'schedule'
  | KnownNames
  | Readonly<{ choices: readonly string[] }>
  | Readonly<{ parts: Parts; start: Tree }>;

/** The parts of something by their names in the rule, in the order of the form. */
export type Parts = Readonly<Record<string, Kind>>;

/** What plates a rule is about. */
export const MATCH = {
  list: 'lists',
  not_on: 'lists',
  tag: 'words',
  exact: 'words',
  look_alike: 'words',
  likelihood: { parts: { of: 'words', list: 'lists', at_least: 'share' }, start: { at_least: 0.2 } },
  prefix: 'words',
  suffix: 'words',
  contains: 'words',
  wildcard: 'words',
  regex: 'text',
  every_passage: 'always',
} as const satisfies Readonly<Record<keyof PlateMatch, Kind>>;

/** What of the system a rule is about. */
export const SYSTEM = {
  camera_down: { parts: { for: 'span', camera: 'cameras' }, start: { for: '5m' } },
  read_rate_below: {
    parts: { share_of_usual: 'share', days: 'whole', camera: 'cameras' },
    start: { share_of_usual: 0.7, days: 14 },
  },
  disk_free_below: { parts: { share: 'share' }, start: { share: 0.1 } },
  nothing_delivered_for: { parts: { span: 'span' }, start: { span: '1h' } },
  alarm: { parts: { severity: 'words', name: 'words' }, start: { severity: ['critical'] } },
} as const satisfies Readonly<Record<keyof SystemMatch, Kind>>;

/** What else must hold, but for `all`, `any` and `not`. */
export const CONDITION = {
  camera: 'cameras',
  site: 'words',
  direction: 'directions',
  line: 'words',
  zone: 'zones',
  vehicle: 'vehicles',
  region: 'words',
  confidence: { parts: { at_least: 'share', below: 'share' }, start: { at_least: 0.9 } },
  schedule: 'schedule',
  stationary: { parts: { at_least: 'span', zone: 'text' }, start: { at_least: '10m' } },
  not_seen_for: 'span',
  count: {
    parts: { at_least: 'whole', within: 'span', same: { choices: ['anywhere', 'site', 'camera'] } },
    start: { at_least: 5, within: '7d', same: 'anywhere' },
  },
  after: {
    parts: { camera: 'cameras', site: 'words', direction: 'directions', within: 'span' },
    start: { within: '10m' },
  },
  too_soon_after: { parts: { site: 'words', sooner_than: 'span' }, start: { site: [], sooner_than: '20m' } },
  visit: {
    parts: { longer_than: 'span', in: 'text', out: 'text' },
    start: { longer_than: '3h', in: 'in', out: 'out' },
  },
  occupancy: {
    parts: { above: 'whole', in: 'text', out: 'text', forget_after: 'span' },
    start: { above: 100, in: 'in', out: 'out', forget_after: '1d' },
  },
} as const satisfies Readonly<Record<Exclude<keyof Condition, 'all' | 'any' | 'not'>, Kind>>;

/** What a part begins with when it is added. */
export function startOf(kind: Kind): unknown {
  if (typeof kind === 'object') return 'parts' in kind ? kind.start : kind.choices[0];
  if (kind === 'text') return '';
  if (kind === 'share') return 0.9;
  if (kind === 'span') return '30d';
  if (kind === 'whole') return 5;
  if (kind === 'always') return true;
  return kind === 'schedule' ? {} : [];
}

/** A tree with another value of a key; undefined takes the key away. */
export function put(tree: Tree, key: string, value: unknown): Tree {
  const { [key]: _, ...others } = tree;
  if (value === undefined) return others;
  return key in tree ? { ...tree, [key]: value } : { ...others, [key]: value };
}

/** A value as a tree; what is none is empty. */
export function treeOf(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};
}

/** One word or several, as a list. */
export function wordsOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
