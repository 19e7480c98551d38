import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { installedFolder } from '../../tools/servers/cache.ts';
import { describeWith } from '../servers/describe-with.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const FOLDER = path.join(ROOT, 'deploy', 'prometheus');

const rule = z.object({ alert: z.string(), expr: z.string() });
const trial = z.object({
  alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.object({})) })),
});
const rules = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
  .parse(parse(readFileSync(path.join(FOLDER, 'alarms.yaml'), 'utf8')))
  .groups.flatMap((group) => group.rules);
const trials = z
  .object({ tests: z.array(trial) })
  .parse(parse(readFileSync(path.join(FOLDER, 'alarms.test.yaml'), 'utf8')))
  .tests.flatMap((one) => one.alert_rule_test);

describe('The alarms for Prometheus', () => {
  test.each(rules.map(({ alert }) => alert))('%s is tried where it fires and where it does not', (alert) => {
    const cases = trials.filter(({ alertname }) => alertname === alert);
    expect(cases.some(({ exp_alerts: alerts }) => alerts.length > 0)).toBe(true);
    expect(cases.some(({ exp_alerts: alerts }) => alerts.length === 0)).toBe(true);
  });

  test('ask only for metrics that exist, and the documentation has each of them', () => {
    const sources = globSync('src/**/*.ts', { cwd: ROOT }).map((file) => readFileSync(path.join(ROOT, file), 'utf8'));
    const declared = new Set(sources.flatMap((text) => text.match(/(?<=')alpr_[a-z_]+(?=')/g) ?? []));
    const asked = new Set(rules.flatMap(({ expr }) => expr.match(/alpr_[a-z_]+/g) ?? []));
    expect([...asked].filter((name) => !declared.has(name))).toEqual([]);
    const page = readFileSync(path.join(ROOT, 'docs', 'operations', 'monitoring.md'), 'utf8');
    expect(rules.map(({ alert }) => alert).filter((alert) => !page.includes(`\`${alert}\``))).toEqual([]);
  });
});

describeWith(['promtool'], 'Prometheus', () => {
  const promtool = path.join(installedFolder('promtool'), 'usr', 'bin', 'promtool');

  test('reads the alarms', () => {
    expect(execFileSync(promtool, ['check', 'rules', 'alarms.yaml'], { cwd: FOLDER, encoding: 'utf8' })).toContain(
      `SUCCESS: ${rules.length} rules found`,
    );
  });

  test('fires each where it should, and nowhere else', () => {
    const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', 'alarms.test.yaml'], {
      cwd: FOLDER,
      encoding: 'utf8',
    });
    expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('SUCCESS')]);
  });
});
