import type { FastifyError } from 'fastify';

type Misfit = NonNullable<FastifyError['validation']>[number];

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'a UUID',
  datetime: 'a time with its offset, such as 2026-11-29T10:15:30Z',
};

const PLACES: Readonly<Record<string, string>> = { querystring: 'query', params: 'address', body: 'body' };

/** A value of a request that does not fit its schema, in words: which one it is, and what was expected of it. */
export function describeMisfit({ keyword, instancePath, params, message = '' }: Misfit, context = 'request'): string {
  const name = instancePath.slice(1).replaceAll('/', '.');
  const place = PLACES[context] ?? context;
  const subject = name === '' ? `The ${place} does not fit` : `The value of ${name} in the ${place} does not fit`;
  // What our schemas say themselves begins so; everything else is the library's, and not meant for people.
  const told = message.startsWith('expected') ? message : `expected ${describeExpected(keyword, params)}`;
  return `${subject}: ${told}`;
}

function describeExpected(keyword: string, params: Misfit['params']): string {
  const { expected, format, minimum, maximum, origin, values, keys, options } = params;
  const unit = origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
  switch (keyword) {
    case 'invalid_type':
      return KINDS[String(expected)] ?? String(expected);
    case 'invalid_format':
      return FORMATS[String(format)] ?? 'another form';
    case 'too_small':
      return `at least ${minimum}${unit}`;
    case 'too_big':
      return `at most ${maximum}${unit}`;
    case 'invalid_value':
      return Array.isArray(values) && values.length > 1 ? `one of ${values.join(', ')}` : String(values);
    case 'unrecognized_keys':
      return `nothing named ${Array.isArray(keys) ? keys.join(', ') : ''}; /docs lists what there is`;
    case 'invalid_union':
      // One whose kind is named by a field tells the names; for any other, the schema says it in its own words.
      return Array.isArray(options) ? `one of ${options.join(', ')}` : 'another value';
    default:
      return 'another value';
  }
}
