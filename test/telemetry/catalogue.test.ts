import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listMetrics } from '../../tools/docs/describe-metrics.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const metrics = [...(await listMetrics()).values()].flat();

/** Files of deploy/ that ask for metrics, with the names they ask for; parts of recorded names are none. */
function listAsked(): readonly Readonly<{ file: string; name: string }>[] {
  const files = globSync(['deploy/prometheus/**/*.{yaml,yml}', 'deploy/grafana/dashboards/**/*.json'], { cwd: ROOT });
  return files.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const names = text.match(/(?<![\w:./-])alpr_[a-z0-9_]+(?![\w:./-])/g) ?? [];
    return [...new Set(names)].map((name) => ({ file, name }));
  });
}

test('Every metric says its unit and what to do when, and is named as Prometheus advises', () => {
  expect(metrics.length).toBeGreaterThan(50);
  const faulty = metrics.filter(({ name, type, unit, advice, help, labels = [] }) => {
    const endings = { none: /(?<!_seconds|_bytes|_ratio)$/, seconds: /_seconds(_total)?$/, bytes: /_bytes$/ };
    const isNamed = unit in endings ? endings[unit as keyof typeof endings].test(name) : true;
    const isCounter = name.endsWith('_total') === (type === 'counter');
    const isSaid = advice.length > 20 && help.length > 10 && !help.endsWith('.');
    return !(isNamed && isCounter && isSaid && /^alpr_[a-z_]+$/.test(name) && new Set(labels).size === labels.length);
  });
  expect(faulty.map(({ name }) => name)).toEqual([]);
  expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
});

test('Every metric that an alarm, a rule or a dashboard asks for is declared', () => {
  const declared = new Set(
    metrics.flatMap(({ name, type }) =>
      type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  expect(existsSync(join(ROOT, 'deploy', 'prometheus'))).toBe(true);
  const asked = listAsked();
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter(({ name }) => !declared.has(name))).toEqual([]);
});
