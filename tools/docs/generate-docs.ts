import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CONFIGURATION_PAGE, configSchema } from '../../src/app/config.ts';
import { type AnyService, SERVICES } from '../../src/app/services.ts';
import { ERROR_CODES } from '../../src/base/errors.ts';
import { ADDED_FIELDS } from '../../src/channels/templates.ts';
import { alertSchema } from '../../src/contract/alert.ts';
import { channelFieldsSchema } from '../../src/contract/channel.ts';
import { describeBoards } from '../dashboards/describe-boards.ts';
import { generateDashboards } from '../dashboards/generate-dashboards.ts';
import { describeMetrics } from './describe-metrics.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ERRORS_PAGE = 'docs/reference/errors.md';
const ARCHITECTURE_PAGE = 'docs/architecture.md';
const CHANNELS_PAGE = 'docs/reference/channels.md';
const METRICS_PAGE = 'docs/reference/metrics.md';
const DASHBOARDS_PAGE = 'docs/reference/dashboards.md';

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
  secret?: boolean;
}>;

/** One line of the table of settings. `kind` is the variant it belongs to, such as `rtsp` of the cameras. */
type Row = Readonly<{ path: string; kind?: string | undefined; type: string; default: string; text: string }>;

/** The parts of the documentation that come from the code, by the path of their page. */
export async function generateDocs(): Promise<Readonly<Record<string, string>>> {
  return {
    [CONFIGURATION_PAGE]: describeConfig(),
    [ERRORS_PAGE]: describeErrors(),
    [ARCHITECTURE_PAGE]: describeServices(),
    [CHANNELS_PAGE]: describeChannels(),
    [METRICS_PAGE]: await describeMetrics(),
    [DASHBOARDS_PAGE]: describeBoards(),
  };
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

function describePart(name: string, part: Schema): string {
  const [first, ...rest] = listRows(name, part);
  // The text of a section stands above its table.
  const rows = first === undefined || first.type === 'section' ? rest : [first, ...rest];
  const lines = joinKinds(rows).map((row) => {
    const cells = [nameRow(row), row.type, row.default, row.text];
    return formatRow(cells);
  });
  return ['| setting | type | default | what it does |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function listRows(path: string, schema: Schema, kind?: string): readonly Row[] {
  const variants = (schema.oneOf ?? schema.anyOf)?.filter((variant) => variant.properties);
  if (variants?.length) return variants.flatMap((variant) => listChildren(path, variant, findKind(variant)));
  if (schema.items && !schema.items.type) return listRows(`${path}.N`, schema.items);
  const type = schema.properties ? 'section' : describeType(schema);
  const value = schema.properties || schema.default === undefined ? '–' : `\`${JSON.stringify(schema.default)}\``;
  const row = { path, kind, type, default: value, text: schema.description ?? '' };
  return [row, ...listChildren(path, schema, kind)];
}

function listChildren(path: string, { properties }: Schema, kind?: string): readonly Row[] {
  return Object.entries(properties ?? {}).flatMap(([key, child]) => listRows(`${path}.${key}`, child, kind));
}

function findKind(variant: Schema): string | undefined {
  const kind = variant.properties?.kind?.const;
  return kind === undefined ? undefined : String(kind);
}

/** A setting that several kinds share is one line. */
function joinKinds(rows: readonly Row[]): readonly Row[] {
  const kinds = new Set(rows.flatMap(({ kind }) => kind ?? []));
  const groups = Map.groupBy(rows, ({ kind: _, ...row }) => JSON.stringify(row));
  return [...groups.values()].flatMap((group) => {
    const names = group.flatMap(({ kind }) => kind ?? []);
    return group.slice(0, 1).map((row) => ({ ...row, kind: names.length < kinds.size ? names.join(', ') : undefined }));
  });
}

function nameRow({ path, kind }: Row): string {
  return kind ? `\`${path}\` (${kind})` : `\`${path}\``;
}

function describeType(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf) return schema.anyOf.map(describeType).join(' or ');
  if (schema.items) return `list of ${describeType(schema.items)}`;
  if (schema.additionalProperties) return `by name: ${describeType(schema.additionalProperties)}`;
  const { type = 'any', minimum, maximum, unit } = schema;
  if (minimum === undefined) return type;
  const range = `${minimum} to ${maximum}`;
  return unit === 'share' ? `share, ${range}` : `${type}, ${range}${unit ? ` (${unit})` : ''}`;
}

function describeErrors(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { means, retry, http }]) => `| \`${code}\` | ${means} | ${retry ? 'yes' : 'no'} | ${http} |`,
  );
  return ['| code | what it means | can trying again help | HTTP status |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function describeServices(): string {
  const head = ['| command | does | vital | useful | groups |', '| --- | --- | --- | --- | --- |'];
  return [...head, ...SERVICES.map(describeService)].join('\n');
}

function describeService({ name, summary, needs, groups }: AnyService): string {
  const needed = (wanted: string) =>
    Object.entries(needs).flatMap(([need, dependence]) => (dependence === wanted ? [need] : []));
  const cells = [needed('vital'), needed('useful'), groups].map((names) => listCode(names) || '–');
  return `| \`alpr ${name}\` | ${summary} | ${cells.join(' | ')} |`;
}

function listCode(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** The fields of each kind of channel, and what templates may use. */
function describeChannels(): string {
  const { oneOf = [] } = z.toJSONSchema(channelFieldsSchema, { io: 'input' }) as Schema;
  const kinds = oneOf.map((kind) => {
    const rows = Object.entries(kind.properties ?? {}).filter(([name]) => name !== 'kind');
    const lines = rows.map(([name, field]) => {
      const value = field.default === undefined ? '–' : `\`${JSON.stringify(field.default)}\``;
      return formatRow([`\`${name}\``, field.secret ? 'secret' : describeType(field), value, field.description ?? '']);
    });
    const head = ['| field | type | default | what it does |', '| --- | --- | --- | --- |'];
    return [`## \`${findKind(kind)}\``, '', kind.description ?? '', '', ...head, ...lines].join('\n');
  });
  const fields = listFields('', z.toJSONSchema(alertSchema) as Schema);
  const added = Object.entries(ADDED_FIELDS);
  const head = ['## What templates may use', '', '| name | is |', '| --- | --- |'];
  const lines = [...fields, ...added].map(([name, text]) => formatRow([`\`${name}\``, text]));
  return [...kinds, [...head, ...lines].join('\n')].join('\n\n');
}

/** Every field that holds a value, by its path. */
function listFields(path: string, schema: Schema): readonly (readonly [string, string])[] {
  const own = schema.properties ? schema : schema.anyOf?.find((one) => one.properties);
  if (!own) return [[path, schema.description ?? '']];
  return Object.entries(own.properties ?? {}).flatMap(([name, field]) =>
    listFields(path === '' ? name : `${path}.${name}`, field),
  );
}

function formatRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

if (import.meta.main) {
  for (const [page, generated] of Object.entries(await generateDocs())) {
    const path = join(ROOT, page);
    writeFileSync(path, replaceBetweenMarks(readFileSync(path, 'utf8'), generated));
  }
  for (const [file, text] of Object.entries(generateDashboards())) writeFileSync(join(ROOT, file), text);
}
