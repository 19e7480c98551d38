import { parse, stringify } from 'yaml';

/** Parses YAML, of which JSON is a part; throws the parser's error, which names line and column. */
export function parseYaml(text: string): unknown {
  return parse(text);
}

/** Writes a value as YAML. */
export function stringifyYaml(value: unknown): string {
  return stringify(value);
}
