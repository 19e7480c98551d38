import fc from 'fast-check';
import { z } from 'zod';

/** What is asked of one operation, as it goes over the wire. */
export type RandomRequest = Readonly<{
  operation: string;
  method: string;
  address: string;
  body: string | undefined;
}>;

type Schema = Readonly<Record<string, unknown>>;

const parameterSchema = z.looseObject({ name: z.string(), in: z.string(), schema: z.record(z.string(), z.unknown()) });
const operationSchema = z.looseObject({
  parameters: z.array(parameterSchema).default([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.record(z.string(), z.unknown()) })) })
    .optional(),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

/** What tends to break things. */
const NASTY = [
  '',
  '%00',
  '\u0000',
  "' OR 1=1--",
  '../../etc/passwd',
  '__proto__',
  '-1',
  '1e999',
  'NaN',
  '💥'.repeat(40),
  'x'.repeat(2000),
];

/** Requests of every operation of an OpenAPI document: mostly what its schemas allow, now and then one of `words`, or what breaks things. */
export function randomRequests(document: unknown, words: readonly string[]): fc.Arbitrary<RandomRequest> {
  const { paths, components } = documentSchema.parse(document);
  const valuesOf = createValues(components.schemas, words);
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody }]) => {
      const parts = (place: string) => parameters.filter((one) => one.in === place);
      const textOf = ({ schema }: z.infer<typeof parameterSchema>) =>
        fc.oneof(
          {
            weight: 5,
            arbitrary: valuesOf(schema).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
          },
          { weight: 3, arbitrary: fc.constantFrom(...words) },
          { weight: 1, arbitrary: fc.constantFrom(...NASTY) },
        );
      const inPath = fc.tuple(...parts('path').map((one) => textOf(one).map((text) => [one.name, text] as const)));
      const inQuery = fc.tuple(
        ...parts('query').map((one) =>
          fc.option(
            textOf(one).map((text) => [one.name, text] as const),
            { freq: 2, nil: undefined },
          ),
        ),
      );
      const [content] = Object.values(requestBody?.content ?? {});
      const body = content
        ? fc.oneof(
            { weight: 6, arbitrary: valuesOf(content.schema).map((value) => JSON.stringify(value)) },
            { weight: 1, arbitrary: fc.json() },
            { weight: 1, arbitrary: fc.constantFrom('', '{', 'null', '[]', '{"__proto__":{}}') },
          )
        : fc.constant(undefined);
      return fc.record({ inPath, inQuery, body }).map((drawn): RandomRequest => {
        const filled = drawn.inPath.reduce((text, [name, value]) => text.replace(`{${name}}`, encode(value)), path);
        const query = new URLSearchParams(
          drawn.inQuery.filter((one) => one !== undefined).map(([name, value]) => [name, value]),
        );
        const address = query.size > 0 ? `${filled}?${query}` : filled;
        return { operation: `${method} ${path}`, method: method.toUpperCase(), address, body: drawn.body };
      });
    }),
  );
  return fc.oneof(...all);
}

/** Half a surrogate cannot be encoded. */
function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

/** So many named schemas stand within one another at most. */
const DEEPEST = 3;

function createValues(schemas: Readonly<Record<string, Schema>>, words: readonly string[]) {
  // The conditions of a rule hold conditions, without an end.
  const valuesOf = (schema: Schema, depth = 0): fc.Arbitrary<unknown> => {
    const { $ref, anyOf, oneOf, allOf, enum: values, type } = schema as Record<string, never>;
    if (typeof $ref === 'string') {
      const named = schemas[($ref as string).split('/').at(-1) ?? ''] ?? {};
      return depth < DEEPEST ? valuesOf(named, depth + 1) : fc.constant(null);
    }
    const choices = (anyOf ?? oneOf ?? allOf) as readonly Schema[] | undefined;
    if (choices) return fc.oneof(...choices.map((one) => valuesOf(one, depth)));
    if (values) return fc.constantFrom(...(values as readonly unknown[]));
    if ('const' in schema) return fc.constant(schema.const);
    switch (type as unknown) {
      case 'integer':
        return fc.integer({ min: boundOf(schema.minimum, -10), max: boundOf(schema.maximum, 1000) });
      case 'number':
        return fc.double({ min: boundOf(schema.minimum, -10), max: boundOf(schema.maximum, 1000), noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return fc.array(valuesOf((schema.items ?? {}) as Schema, depth), { maxLength: 3 });
      case 'object':
        return objectOf(schema, depth);
      case 'string':
        return textOf(schema);
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  };
  const objectOf = ({ properties = {}, required = [] }: Schema, depth: number) => {
    const fields = Object.entries(properties as Record<string, Schema>).map(([name, one]) => [
      name,
      valuesOf(one, depth),
    ]);
    return fc.record(Object.fromEntries(fields), { requiredKeys: required as never });
  };
  const textOf = ({ format, pattern, maxLength }: Schema): fc.Arbitrary<string> => {
    if (format === 'uuid') return fc.oneof(fc.uuid(), fc.constantFrom(...words));
    if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
    return fc.oneof(
      fc.constantFrom(...words),
      fc.string({ maxLength: Math.min(Number(maxLength ?? 64), 64), unit: 'binary' }),
    );
  };
  return (schema: Schema) => valuesOf(schema);
}

function boundOf(bound: unknown, usual: number): number {
  return typeof bound === 'number' && Number.isSafeInteger(bound) ? bound : usual;
}
