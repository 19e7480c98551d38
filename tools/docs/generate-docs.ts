import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { configSchema } from '../../src/app/config.ts';
import { ERROR_CODES } from '../../src/base/errors.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs', 'reference');

type Schema = Readonly<{
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  minimum?: number;
  maximum?: number;
  $ref?: string;
}>;

/** The parts of the documentation that come from the code, by the file they stand in. */
export function generateDocs(): Readonly<Record<string, string>> {
  return { 'configuration.md': describeConfig(), 'errors.md': describeErrors() };
}

/** `text` with what stands between the marks replaced by `generated`. */
export function replaceBetweenMarks(text: string, generated: string): string {
  const [begin, end] = ['<!-- generated: begin -->', '<!-- generated: end -->'];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new RangeError(`Expected the marks ${begin} and ${end}, in this order`);
  return `${text.slice(0, from + begin.length)}\n${generated.trim()}\n${text.slice(to)}`;
}

function describeConfig(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Schema;
  return Object.entries(schema.properties ?? {})
    .map(([name, part]) => `## \`${name}\`\n\n${part.description ?? ''}\n\n${describePart(name, part)}`)
    .join('\n\n');
}

function describePart(path: string, part: Schema): string {
  const rows = listRows(path, part);
  const lines = rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  return ['| setting | type | default | what it does |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function listRows(path: string, schema: Schema): string[][] {
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants?.some((variant) => variant.properties)) return variants.flatMap((variant) => listVariant(path, variant));
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([key, child]) => listRows(`${path}.${key}`, child));
  if (schema.items?.properties || schema.items?.oneOf || schema.items?.anyOf)
    return listRows(`${path}.N`, schema.items);
  return [[`\`${path}\``, describeType(schema), describeDefault(schema), schema.description ?? '']];
}

function listVariant(path: string, variant: Schema): string[][] {
  const kind = variant.properties?.kind?.const;
  const rows = Object.entries(variant.properties ?? {}).flatMap(([key, child]) => listRows(`${path}.${key}`, child));
  return kind === undefined ? rows : rows.map(([name = '', ...rest]) => [`${name} (${String(kind)})`, ...rest]);
}

function describeType(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf) return schema.anyOf.map(describeType).join(' or ');
  if (schema.items) return `list of ${describeType(schema.items)}`;
  const { minimum, maximum } = schema;
  const bounded = maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER;
  const range = minimum !== undefined && bounded ? ` ${minimum} to ${maximum}` : '';
  return `${schema.type ?? 'any'}${range}`;
}

function describeDefault(schema: Schema): string {
  return schema.default === undefined ? '–' : `\`${JSON.stringify(schema.default)}\``;
}

function describeErrors(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { means, retry, http }]) => `| \`${code}\` | ${means} | ${retry ? 'yes' : 'no'} | ${http} |`,
  );
  return ['| code | what it means | can trying again help | HTTP status |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

if (import.meta.main) {
  for (const [name, generated] of Object.entries(generateDocs())) {
    const path = join(DOCS, name);
    writeFileSync(path, replaceBetweenMarks(readFileSync(path, 'utf8'), generated));
  }
}
