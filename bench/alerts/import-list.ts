import { Readable } from 'node:stream';
import { readListCsv } from '../../src/exchange/list-csv.ts';
import { importEntries } from '../../src/store/alerts/import-entries.ts';
import { writePlateList } from '../../src/store/alerts/lists.ts';
import { readCpuSeconds } from '../backend/cpu-seconds.ts';
import { openBenchDatabase } from '../backend/store.ts';
import { printRows, type Row } from '../row.ts';

const LINES_IN_A_PIECE = 1000;

/** How long it takes to import a file of entries into an empty list, and to import the same file again, which changes nothing. */
export async function measureImport(entries = 1_000_000): Promise<readonly Row[]> {
  await using database = await openBenchDatabase();
  const { sql } = database;
  await writePlateList(sql, 'bench', { name: 'Bench', note: '', colour: '' });
  const rows: Row[] = [];
  for (const what of ['new', 'unchanged']) {
    const [started, before] = [performance.now(), await readCpuSeconds(sql)];
    const lines = readListCsv(Readable.from(writeCsv(entries)));
    const { added, unchanged } = await importEntries(sql, { list: 'bench', replaces: true, applies: true, lines });
    if (added + unchanged !== entries) throw new Error(`expected ${entries} entries, got ${added} and ${unchanged}`);
    const name = `${entries.toLocaleString('en-GB')} entries of a file, ${what}`;
    const cpu = (await readCpuSeconds(sql)) - before;
    rows.push({ what: name, value: (performance.now() - started) / 1000, unit: 's' });
    rows.push({ what: `${name}, processor time`, value: cpu, unit: 's' });
  }
  return rows;
}

function* writeCsv(entries: number): Generator<Buffer> {
  yield Buffer.from('plate,name,group,tags,valid_until\n');
  for (let at = 0; at < entries; at += LINES_IN_A_PIECE) {
    const numbers = Array.from({ length: Math.min(LINES_IN_A_PIECE, entries - at) }, (_, index) => at + index);
    yield Buffer.from(numbers.map((n) => `${plateOf(n)},Entry ${n},Staff,vip|night,2030-01-01\n`).join(''));
  }
}

/** Every number has a plate of its own, in no order. */
function plateOf(number: number): string {
  const mixed = (number * 7_919_993) % 26_000_003;
  return `P${mixed.toString(36).toUpperCase().padStart(6, '0')}`;
}

if (import.meta.main) printRows(await measureImport(Number(process.argv[2] ?? 1_000_000)));
