import type { z } from 'zod';
import { AlprError, messageOf } from '../base/errors.ts';
import { type LocatedYaml, locateYaml, type TextPlace } from '../base/yaml.ts';
import { type Channel, channelSchema } from '../contract/channel.ts';
import { resolveSecrets, type Secrets } from '../contract/channel-secrets.ts';
import { type Rule, ruleSchema } from '../contract/rule.ts';

/** What a file of rules says. */
export type RulesFile = Readonly<{ rules: readonly Rule[]; channels: readonly Channel[] }>;

type Parsing = Readonly<{
  /** Values that the file names as `{ secret: NAME }`. */
  secrets: Secrets;
  /** Throws an AlprError that says what is wrong with a rule beyond its schema. */
  check: (rule: Rule) => void;
}>;

type Path = readonly PropertyKey[];
type Fault = Readonly<{ place: TextPlace; path: string; message: string }>;

/** Faults that are named at once. */
const MOST_FAULTS = 20;

/** Reads a file of rules; RULE_INVALID names line, column and path of each fault and what was expected there. */
export function parseRulesFile(text: string, parsing: Parsing): RulesFile {
  const yaml = locateYaml(text);
  const faults: Fault[] = yaml.faults.map(({ place, message }) => ({ place, path: '', message }));
  if (faults.length > 0) throw refuse(faults);
  const tree = yaml.value;
  // An empty file is one that is being written, or that a full disk left: it must not take all rules away.
  if (!isTree(tree)) throw refuse([faultAt(yaml, [], 'expected the keys rules and channels; `rules: []` is for none')]);
  for (const key of Object.keys(tree)) {
    if (key !== 'rules' && key !== 'channels') faults.push(unknownKey(yaml, [], key));
  }
  const rules = readAll(yaml, tree, faults, { name: 'rules', schema: ruleSchema, prepare: (one) => one });
  const prepare = (one: unknown) => resolveSecrets(one, parsing.secrets);
  const channels = readAll(yaml, tree, faults, { name: 'channels', schema: channelSchema, prepare });
  for (const [at, rule] of rules) {
    try {
      parsing.check(rule);
    } catch (error) {
      if (!(error instanceof AlprError)) throw error;
      faults.push(faultAt(yaml, ['rules', at], messageOf(error)));
    }
  }
  if (faults.length > 0) throw refuse(faults);
  return { rules: rules.map(([, rule]) => rule), channels: channels.map(([, channel]) => channel) };
}

/** Reads one rule; RULE_INVALID as for a file. */
export function parseRule(text: string, check: Parsing['check']): Rule {
  const yaml = locateYaml(text);
  const faults: Fault[] = yaml.faults.map(({ place, message }) => ({ place, path: '', message }));
  if (faults.length > 0) throw refuse(faults);
  const result = ruleSchema.safeParse(yaml.value);
  if (!result.success) throw refuse(result.error.issues.flatMap((issue) => describe(yaml, [], issue)));
  check(result.data);
  return result.data;
}

type Part<S> = Readonly<{ name: string; schema: S; prepare: (one: unknown) => unknown }>;

/** What fits of a list, with its places there; faults of the rest are added to `faults`. */
function readAll<S extends z.ZodType<Readonly<{ id: string }>>>(
  yaml: LocatedYaml,
  tree: Readonly<Record<string, unknown>>,
  faults: Fault[],
  { name, schema, prepare }: Part<S>,
): readonly (readonly [number, z.infer<S>])[] {
  const list = tree[name] ?? [];
  if (!Array.isArray(list)) {
    faults.push(faultAt(yaml, [name], `expected a list of ${name}`));
    return [];
  }
  const read: [number, z.infer<S>][] = [];
  const seen = new Set<string>();
  for (const [at, one] of list.entries()) {
    const result = schema.safeParse(prepare(one));
    if (!result.success) {
      faults.push(...result.error.issues.flatMap((issue) => describe(yaml, [name, at], issue)));
      continue;
    }
    if (seen.has(result.data.id))
      faults.push(faultAt(yaml, [name, at, 'id'], 'expected an id of its own; it was used before'));
    seen.add(result.data.id);
    read.push([at, result.data]);
  }
  return read;
}

/** Values are not shown: they may be secrets. */
function describe(yaml: LocatedYaml, under: Path, issue: z.core.$ZodIssue): readonly Fault[] {
  const path = [...under, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(yaml, path, key));
  return [faultAt(yaml, path, issue.message)];
}

function unknownKey(yaml: LocatedYaml, path: Path, key: string): Fault {
  return { place: yaml.locateKey(path, key), path: [...path, key].join('.'), message: 'unknown key' };
}

function faultAt(yaml: LocatedYaml, path: Path, message: string): Fault {
  return { place: yaml.locate(path), path: path.join('.'), message };
}

function refuse(faults: readonly Fault[]): AlprError {
  const lines = faults
    .slice(0, MOST_FAULTS)
    .map(({ place, path, message }) => `line ${place.line}, column ${place.column}${path && `, ${path}`}: ${message}`);
  const more = faults.length > MOST_FAULTS ? [`and ${faults.length - MOST_FAULTS} more`] : [];
  return new AlprError('RULE_INVALID', ['The rules do not fit:', ...lines, ...more].join('\n  '));
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
