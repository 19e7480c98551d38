import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configSchema, loadConfig } from '../../src/app/config.ts';

type Schema = Readonly<{
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  minimum?: number;
  maximum?: number;
  unit?: string;
}>;

/** A setting with the names beside it. `N` stands for a place in a list. */
type Setting = Readonly<{ path: string; schema: Schema; siblings: readonly string[] }>;

const root: Schema = JSON.parse(JSON.stringify(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' })));
const settings = listSettings('', root, []);
const leaves = settings.filter(({ schema }) => !schema.properties && !schema.items?.oneOf && !schema.oneOf);
const numbers = leaves.flatMap(({ path, schema }) => listNumbers(schema).map((number) => ({ path, ...number })));

/** Named, not measured. */
const NUMBERS_WITHOUT_UNIT = /\.(port|seed)$|^health\./;

/** What can be had in parts; everything else is counted. */
const MEASURED = [
  'cores',
  'share',
  'probability',
  'milliseconds',
  'seconds',
  'days',
  'pixels',
  'plate widths',
  'levels of 255',
  'exponent',
  'divisor',
  'times',
  'relative weight',
  'summed weight',
  'pictures a second',
  'vehicles a minute',
];

function listSettings(path: string, schema: Schema, siblings: readonly string[]): readonly Setting[] {
  const names = Object.keys(schema.properties ?? {});
  const children = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    listSettings(path ? `${path}.${name}` : name, child, names),
  );
  const variants = [...(schema.oneOf ?? []), ...(schema.items?.oneOf ?? [])];
  const place = schema.items ? `${path}.N` : path;
  const below = variants.flatMap((variant) => listSettings(place, variant, []).slice(1));
  return [{ path, schema, siblings }, ...children, ...below];
}

function listNumbers(schema: Schema): readonly Schema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.additionalProperties ? [schema.additionalProperties] : [])];
  const own = schema.type === 'number' || schema.type === 'integer' ? [schema] : [];
  return [...own, ...inner.flatMap(listNumbers)];
}

function listTypes(schema: Schema): readonly string[] {
  return schema.type === undefined ? (schema.anyOf ?? []).flatMap(listTypes) : [schema.type];
}

function describes({ schema }: Setting): string {
  return schema.description ?? '';
}

describe('The schema of the configuration', () => {
  test('is walked whole: settings of every section, of every kind and in lists', () => {
    const paths = leaves.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['data', 'cameras.N.url', 'bus.registry.tls.verify', 'vision.passage.min_hits']),
    );
    expect(new Set(paths.map((path) => path.split('.')[0]))).toEqual(new Set(Object.keys(root.properties ?? {})));
    expect(new Set(paths).size).toBeGreaterThan(150);
  });

  test('describes every setting and every section in sentences', () => {
    const undescribed = settings.filter((setting) => setting.path && !/^[A-Z].*\.$/s.test(describes(setting)));
    expect(undescribed.map(({ path }) => path)).toEqual([]);
  });

  test('gives every setting a type', () => {
    expect(leaves.filter(({ schema }) => listTypes(schema).length === 0).map(({ path }) => path)).toEqual([]);
  });

  test('bounds every number on both sides', () => {
    const isBound = (value: number | undefined) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
    const unbounded = numbers.filter(({ minimum, maximum }) => !isBound(minimum) || !isBound(maximum));
    expect(numbers.length).toBeGreaterThan(90);
    expect(unbounded.map(({ path }) => path)).toEqual([]);
  });

  test('names the unit of every quantity', () => {
    const bare = numbers.filter(({ path, unit }) => !unit && !NUMBERS_WITHOUT_UNIT.test(path));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test('takes whole numbers for what is counted', () => {
    const split = numbers.filter(({ type, unit }) => unit && !MEASURED.includes(unit) && type !== 'integer');
    expect(split.map(({ path }) => path)).toEqual([]);
  });

  test('has a default within the bounds wherever there is one', () => {
    const outside = numbers.filter(
      ({ default: value, minimum = 0, maximum = 0 }) =>
        typeof value === 'number' && (value < minimum || value > maximum),
    );
    expect(outside.map(({ path }) => path)).toEqual([]);
  });

  test('refers only to settings and values that exist, by the names that users write', () => {
    const paths = new Set(settings.map(({ path }) => path));
    const unknown = settings.flatMap((setting) => {
      const { path, schema, siblings } = setting;
      const values = [schema, ...(schema.anyOf ?? [])].flatMap((one) => [...(one.enum ?? []), one.const]);
      const named = [...describes(setting).matchAll(/`([\w.]+)`/g)].map((match) => match[1] as string);
      const bare =
        describes(setting)
          .replaceAll(/`[^`]*`/g, '')
          .match(/\b[a-z]+(?:_[a-z]+|[A-Z][a-z]+)+\b/g) ?? [];
      const isKnown = (name: string) => siblings.includes(name) || values.includes(name) || paths.has(name);
      return [...named.filter((name) => !isKnown(name)), ...bare].map((name) => `${path}: ${name}`);
    });
    expect(unknown).toEqual([]);
  });

  test('lets the environment set every threshold of the vision core by its path', () => {
    const changes = leaves.filter(({ path }) => path.startsWith('vision.')).map(changeValue);
    const environment = Object.fromEntries(
      changes.map(({ path, value }) => [`ALPR_${path.toUpperCase().replaceAll('.', '__')}`, JSON.stringify(value)]),
    );
    const config = loadConfig({ environment, settings: [] });
    expect(changes.length).toBeGreaterThan(75);
    for (const { path, value } of changes) expect(config, path).toHaveProperty(path, value);
  });
});

/** A value that is allowed and not the default. */
function changeValue({ path, schema }: Setting): { path: string; value: unknown } {
  if (schema.additionalProperties) return { path, value: { fr: 5 } };
  if (schema.type === 'boolean') return { path, value: !schema.default };
  return { path, value: schema.default === schema.maximum ? schema.minimum : schema.maximum };
}
