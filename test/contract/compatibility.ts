import { explainUnreadable } from '../../src/contract/avro.ts';

/** A schema of the wire under the name of its file. */
export type Version = Readonly<{ name: string; schema: string }>;

/**
 * What breaks FULL_TRANSITIVE: every version must read what every other one wrote. Answers one line for each pair that does
 * not, none when all do.
 */
export function findIncompatibilities(versions: readonly Version[]): string[] {
  return versions.flatMap((reader) =>
    versions.flatMap((writer) => {
      const why = reader === writer ? undefined : explainUnreadable(reader.schema, writer.schema);
      return why === undefined ? [] : [`${reader.name} cannot read ${writer.name}: ${why}`];
    }),
  );
}
