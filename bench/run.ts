import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceBetweenMarks } from '../tools/docs/generate-docs.ts';
import { formatTable, printRows, type Row } from './row.ts';

const HELP = `npm run bench -- [vision] [camera] [edge] [backend] [alerts] [tracing] [shadow] [search] [reports] [cameras] [sites] [providers] [energy] [pictures] [--events N] [--keep FOLDER] [--server URL] [--data FOLDER] [--write]

Measures the hot paths and prints each figure with its ratio to a baseline of the same run. Without names: all of them
but tracing, shadow, search, reports, cameras, sites, providers, energy and pictures. Search first fills a database and an OpenSearch with N reads (a million and a fifth of it, unless said),
and with a tenth of them; reports and cameras fill one with N. --keep lets these stay in a folder, to be measured again.
Providers measures the networks on each execution provider of this machine, and on each inference server that --server names.
Pictures reads photographs of --data (../shared/data unless said) from file to text, beside another checkout where OVR_ALPR_BEFORE names one.
Energy takes --watts, what a core draws, and --price, what a kilowatt hour costs.
--write puts the tables into docs/notes/measurements.md; those of other suites stay.`;

const SUITES: Readonly<Record<string, () => Promise<{ run(): Promise<readonly Row[]> }>>> = {
  vision: () => import('./vision/run.ts'),
  camera: () => import('./camera/stream.ts'),
  edge: () => import('./edge/run.ts'),
  backend: () => import('./backend/run.ts'),
  alerts: () => import('./alerts/run.ts'),
  tracing: () => import('./tracing/run.ts'),
  shadow: () => import('./edge/shadow.ts'),
  search: async () => {
    const [scale, recall] = await Promise.all([
      import('./backend/search-scale.ts'),
      import('./backend/search-recall.ts'),
    ]);
    const { keep } = values;
    const [database, cluster] = [Number(values.events), Math.ceil(Number(values.events) / 5)];
    return { run: async () => [...(await scale.run({ database, cluster, keep })), ...(await recall.run(keep))] };
  },
  reports: async () => {
    const { run } = await import('./backend/reports.ts');
    return { run: () => run({ events: Number(values.events), keep: values.keep }) };
  },
  cameras: async () => {
    const { run } = await import('./backend/cameras.ts');
    return { run: () => run({ events: Number(values.events), keep: values.keep }) };
  },
  sites: () => import('./backend/sites.ts'),
  providers: async () => {
    const { run } = await import('./providers.ts');
    return { run: () => run(values.server) };
  },
  energy: async () => {
    const { run, PRICES } = await import('./energy/run.ts');
    const [watts, price] = [Number(values.watts ?? PRICES.watts), Number(values.price ?? PRICES.price)];
    return { run: () => run({ watts, price }) };
  },
  pictures: async () => {
    const { run } = await import('./pictures/run.ts');
    return { run: () => run({ data: values.data }) };
  },
};

/** Suites that take so long that they run only when they are named. */
const ON_DEMAND = new Set([
  'search',
  'tracing',
  'shadow',
  'reports',
  'cameras',
  'sites',
  'providers',
  'energy',
  'pictures',
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '1000000' },
    keep: { type: 'string' },
    server: { type: 'string', multiple: true },
    data: { type: 'string', default: '../shared/data' },
    watts: { type: 'string' },
    price: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(SUITES).filter((name) => !ON_DEMAND.has(name));
const unknown = names.filter((name) => !(name in SUITES));
for (const name of ['watts', 'price'] as const) {
  if (values[name] !== undefined && !(Number(values[name]) > 0)) unknown.push(`--${name} ${values[name]}`);
}
if (!/^[1-9]\d{0,8}$/.test(values.events)) unknown.push(`--events ${values.events}`);
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `Unknown: ${unknown.join(', ')}\n\n${HELP}` : HELP);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  const tables = new Map<string, string>();
  for (const name of names) {
    console.log(`\n${name}`);
    const suite = await SUITES[name]?.();
    const rows = (await suite?.run()) ?? [];
    printRows(rows);
    tables.set(name, `### ${name}\n\n${describeRun()}\n\n${formatTable(rows)}`);
  }
  if (values.write) writeTables(tables);
}

function describeRun(): string {
  return `${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`;
}

/** Tables of suites that were not run stay as they are. */
function writeTables(tables: ReadonlyMap<string, string>): void {
  const path = join(import.meta.dirname, '..', 'docs', 'notes', 'measurements.md');
  const page = readFileSync(path, 'utf8');
  const written = Object.keys(SUITES).flatMap((name) => tables.get(name) ?? findTable(page, name) ?? []);
  writeFileSync(path, replaceBetweenMarks(page, ['Measured by `npm run bench`.', ...written].join('\n\n')));
}

function findTable(page: string, name: string): string | undefined {
  return page
    .split(/^(?=### |<!--)/m)
    .find((part) => part.startsWith(`### ${name}\n`))
    ?.trimEnd();
}
