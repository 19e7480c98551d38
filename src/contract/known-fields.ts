import type { z } from 'zod';

/** Is told how many fields of a message were ignored. */
export type NoteIgnored = (fields: number) => void;

/**
 * What came as JSON, by a strict schema, but without the fields that the schema does not have: a newer version of the program
 * may have written them. They are taken out of `value`. Everything else must fit.
 */
export function parseKnown<S extends z.ZodType>(
  schema: S,
  value: unknown,
  note?: NoteIgnored,
): z.ZodSafeParseResult<z.infer<S>> {
  const first = schema.safeParse(value);
  if (first.success) return first;
  let ignored = 0;
  for (const issue of first.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const holder = issue.path.reduce<unknown>((at, step) => Reflect.get(Object(at), step), value);
    for (const key of issue.keys) Reflect.deleteProperty(Object(holder), key);
    ignored += issue.keys.length;
  }
  if (ignored === 0) return first;
  const again = schema.safeParse(value);
  if (again.success) note?.(ignored);
  return again;
}
