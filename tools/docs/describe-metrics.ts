import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPORT_AGE } from '../../src/telemetry/collector/gauge-board.ts';
import type { Declared } from '../../src/telemetry/declaration.ts';
import { mostValues } from '../../src/telemetry/label-bounds.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

const SRC = join(import.meta.dirname, '..', '..', 'src');

/** Every instrument, by the folder that declares it; the names of histograms are without `_bucket`, `_sum` and `_count`. */
export async function listMetrics(): Promise<ReadonlyMap<string, readonly Declared[]>> {
  const shared = new Telemetry().listDeclared();
  const found = new Map<string, readonly Declared[]>([['telemetry', [...shared, { ...REPORT_AGE, type: 'gauge' }]]]);
  for (const file of globSync('**/metrics.ts', { cwd: SRC }).toSorted()) {
    const telemetry = new Telemetry();
    const declaring: Record<string, unknown> = await import(join(SRC, file));
    for (const [name, create] of Object.entries(declaring)) {
      if (name.startsWith('create') && typeof create === 'function') create(telemetry);
    }
    const own = telemetry.listDeclared().slice(shared.length);
    if (own.length > 0) found.set(dirname(file), own);
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The tables of the page of metrics. */
export async function describeMetrics(): Promise<string> {
  const head = [
    '| metric | type | unit | labels | meaning | what to do when |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  const tables = [...(await listMetrics())].map(([folder, metrics]) =>
    [`## \`${folder}/\``, '', ...head, ...metrics.map(describeMetric)].join('\n'),
  );
  return tables.join('\n\n');
}

function describeMetric({ name, type, unit, labels = [], most, help, advice, objective }: Declared): string {
  const bounded = labels.map((label) => `\`${label}\` (${mostValues(label, most)})`).join(', ');
  const aim = objective === undefined ? '' : ` Objective: within ${objective} s.`;
  const cells = [`\`${name}\``, type, unit, bounded || '–', `${help}.${aim}`, advice];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
