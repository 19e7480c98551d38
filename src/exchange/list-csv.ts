import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { AlprError, messageOf } from '../base/errors.ts';
import { parseYaml } from '../base/yaml.ts';
import { type ListEntry, listEntrySchema } from '../contract/api/lists.ts';

/** A line of a file: an entry, or why there is none. */
export type ListLine = Readonly<{ line: number; entry: ListEntry } | { line: number; why: string }>;

const TITLES = ['plate', 'name', 'note', 'group', 'colour', 'tags', 'valid_from', 'valid_until', 'schedule'] as const;

type Title = (typeof TITLES)[number];

/** What other systems call the column of plates. */
const PLATE_TITLES: ReadonlySet<string> = new Set([
  'plate',
  'number',
  'registration',
  'plate_number',
  'licence_plate',
  'license_plate',
]);

const BATCH = 5000;
const MOST_LINES = 2_000_000;
const MAX_LINE = 16 << 10;
/** What is left of bytes of another encoding, and NUL, which the database cannot hold. */
const UNREADABLE = /[\0\uFFFD]/;
const DAY = /^\d{4}-\d\d-\d\d$/;
/** A sign that spreadsheets hide, before what they would take for a formula. */
const SHIELDED = /^'(?=[=+\-@\t\r])/;

/**
 * The entries of a CSV file with a header line, in batches. Columns are separated by commas, semicolons or tabs, as the header
 * line has them, tags by `|`; unknown columns are an error. INPUT_INVALID where the file is no CSV or has no column of plates.
 */
export async function* readListCsv(file: Readable): AsyncGenerator<readonly ListLine[]> {
  const chunks: AsyncIterator<Buffer> = file[Symbol.asyncIterator]();
  const first = await chunks.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  let hasTitles = false;
  const parser = parse({
    bom: true,
    delimiter: findDelimiter(head.toString('utf8').split('\n', 1)[0] ?? ''),
    columns: (header: string[]) => {
      hasTitles = true;
      return header.map(nameColumn);
    },
    relax_column_count_less: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_LINE,
    info: true,
  });
  pipeline(join(head, chunks), parser).catch((error: Error) => parser.destroy(error));
  let [batch, count]: [ListLine[], number] = [[], 0];
  try {
    for await (const { record, info } of parser as AsyncIterable<Row>) {
      count += 1;
      if (count > MOST_LINES) throw new AlprError('INPUT_INVALID', `Expected at most ${MOST_LINES} lines`);
      batch.push(toLine(record, info.lines));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  } catch (cause) {
    if (cause instanceof AlprError) throw cause;
    throw new AlprError('INPUT_INVALID', `Expected CSV, got: ${messageOf(cause)}`, { cause });
  }
  if (!hasTitles) throw refuseTitles([]);
  if (batch.length > 0) yield batch;
}

function findDelimiter(header: string): string {
  const counted = [',', ';', '\t'].map((sign) => ({ sign, count: header.split(sign).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).sign;
}

async function* join(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

type Row = Readonly<{ record: Readonly<Partial<Record<Title, string>>>; info: Readonly<{ lines: number }> }>;

function nameColumn(title: string, _at: number, header: readonly string[]): Title {
  const name = title.trim().toLowerCase().replace(/[ -]/g, '_');
  if (!header.some((one) => PLATE_TITLES.has(one.trim().toLowerCase().replace(/[ -]/g, '_')))) {
    throw refuseTitles(header);
  }
  if (PLATE_TITLES.has(name)) return 'plate';
  const known = TITLES.find((one) => one === name);
  if (known) return known;
  throw new AlprError(
    'INPUT_INVALID',
    `Expected the columns ${TITLES.join(', ')}, got ${title.slice(0, 64)}; rename or remove it`,
  );
}

function refuseTitles(header: readonly string[]): AlprError {
  const got = header.join(', ').slice(0, 200) || 'nothing';
  return new AlprError(
    'INPUT_INVALID',
    `Expected a first line with the titles of the columns, among them plate, got: ${got}`,
  );
}

function toLine(record: Row['record'], line: number): ListLine {
  const text = (title: Title) => (record[title] ?? '').replace(SHIELDED, '');
  if (Object.values(record).some((value) => UNREADABLE.test(value)))
    return { line, why: 'Expected text in UTF-8; save the file as CSV UTF-8' };
  try {
    const given = {
      plate: text('plate'),
      name: text('name'),
      note: text('note'),
      group: text('group'),
      colour: text('colour').toLowerCase(),
      tags: text('tags')
        .split('|')
        .filter((tag) => tag.trim() !== ''),
      valid_from: toMoment(text('valid_from'), 0),
      valid_until: toMoment(text('valid_until'), 1),
      schedule: text('schedule') === '' ? null : parseYaml(text('schedule')),
    };
    const result = listEntrySchema.safeParse(given);
    if (result.success) return { line, entry: result.data };
    const [issue] = result.error.issues;
    return { line, why: `${issue?.path.join('.')}: ${issue?.message}` };
  } catch (error) {
    return { line, why: messageOf(error).split('\n')[0] ?? '' };
  }
}

/** A day alone begins, or ends, with the day of UTC. */
function toMoment(text: string, days: number): string | null {
  if (text === '') return null;
  if (!DAY.test(text)) return text;
  const at = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return text;
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString();
}

/** Cells of an entry in the order of `LIST_TITLES`, as `readListCsv` reads them. */
export function listCells(entry: ListEntry): readonly string[] {
  const { tags, valid_from, valid_until, schedule, ...texts } = entry;
  const plain = [texts.plate, texts.name, texts.note, texts.group, texts.colour];
  return [...plain, tags.join('|'), valid_from ?? '', valid_until ?? '', schedule ? JSON.stringify(schedule) : ''];
}

/** Titles of the columns. */
export const LIST_TITLES: readonly string[] = TITLES;
