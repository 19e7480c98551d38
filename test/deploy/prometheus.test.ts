import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { installedFolder } from '../../tools/servers/cache.ts';
import { describeWith } from '../servers/describe-with.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const FOLDER = path.join(ROOT, 'deploy', 'prometheus');
/** Files of alarms, each with its cases beside it. */
const FILES = ['alarms', 'cameras', 'servers', 'slo'] as const;

const annotations = z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.string() });
const rule = z.object({
  alert: z.string(),
  expr: z.string(),
  labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
  annotations,
});
const recorded = z.object({ record: z.string(), expr: z.string() });
const trial = z.object({
  alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.object({})) })),
});
const readRules = <T extends z.ZodType>(name: string, one: T) =>
  z
    .object({ groups: z.array(z.object({ rules: z.array(one) })) })
    .parse(parse(readFileSync(path.join(FOLDER, `${name}.yaml`), 'utf8'), { merge: true }))
    .groups.flatMap((group) => group.rules);
const rules = FILES.flatMap((name) => readRules(name, rule));
const recordings = readRules('recording', recorded);
const trials = FILES.flatMap(
  (name) =>
    z.object({ tests: z.array(trial) }).parse(parse(readFileSync(path.join(FOLDER, `${name}.test.yaml`), 'utf8')))
      .tests,
).flatMap((one) => one.alert_rule_test);
const alerts = [...new Set(rules.map(({ alert }) => alert))];

describe('The alarms for Prometheus', () => {
  test.each(alerts)('%s is tried where it fires and where it does not', (alert) => {
    const cases = trials.filter(({ alertname }) => alertname === alert);
    expect(cases.some(({ exp_alerts: found }) => found.length > 0)).toBe(true);
    expect(cases.some(({ exp_alerts: found }) => found.length === 0)).toBe(true);
  });

  test('ask only for metrics that exist', () => {
    const sources = globSync('src/**/*.ts', { cwd: ROOT }).map((file) => readFileSync(path.join(ROOT, file), 'utf8'));
    const declared = new Set(sources.flatMap((text) => text.match(/(?<=')alpr_[a-z_]+(?=')/g) ?? []));
    const asked = new Set([...rules, ...recordings].flatMap(({ expr }) => expr.match(/\balpr_[a-z_]+/g) ?? []));
    const nameOf = (series: string) => series.replace(/_bucket$/, '');
    expect([...asked].filter((name) => !declared.has(nameOf(name)))).toEqual([]);
    const made = new Set(recordings.map(({ record }) => record));
    const wanted = new Set([...rules, ...recordings].flatMap(({ expr }) => expr.match(/\balpr:[a-z_:0-9]+/g) ?? []));
    expect([...wanted].filter((name) => !made.has(name))).toEqual([]);
  });

  test('each lead to their entry of the runbooks, and each entry is of one', () => {
    const page = readFileSync(path.join(ROOT, 'docs', 'operations', 'runbooks.md'), 'utf8');
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
    expect(headings.toSorted()).toEqual(alerts.toSorted());
    for (const { alert, annotations: told } of rules) {
      expect(told.runbook_url).toBe(`docs/operations/runbooks.md#${alert.toLowerCase()}`);
    }
    for (const entry of page.split(/^## /m).slice(1)) expect(entry).toMatch(/^- \*\*See\*\*: [\s\S]+^- \*\*Do\*\*: /m);
  });
});

describeWith(['promtool'], 'Prometheus', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'alpr-prometheus-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const promtool = path.join(installedFolder('promtool'), 'usr', 'bin', 'promtool');
  const check = (...args: readonly string[]) => execFileSync(promtool, args, { cwd: FOLDER, encoding: 'utf8' });

  test('reads the rules', () => {
    const found = check('check', 'rules', 'recording.yaml', ...FILES.map((name) => `${name}.yaml`));
    const counts = [...found.matchAll(/SUCCESS: (\d+) rules found/g)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count)).toBe(rules.length + recordings.length);
  });

  // Files that they name are mounted where they run, and the rules have a test of their own.
  test.each(['prometheus.yaml', 'prometheus-kubernetes.yaml'])('reads %s', (file) => {
    const text = readFileSync(path.join(FOLDER, file), 'utf8');
    // Debian's knows no Kubernetes: all else is checked with files in its place.
    const roles = [...text.matchAll(/\{ role: (\w+) \}/g)].map(([, role]) => role);
    const known = text
      .replaceAll('kubernetes_sd_configs:', 'file_sd_configs:')
      .replaceAll(/\{ role: \w+ \}/g, '{ files: [pods.yaml] }');
    const copy = path.join(folder, file);
    writeFileSync(copy, known);
    expect(check('check', 'config', '--syntax-only', copy)).toContain('is valid prometheus config file syntax');
    expect(new Set(roles)).toEqual(new Set(file === 'prometheus.yaml' ? [] : ['pod', 'node']));
    expect(parse(text).rule_files).toEqual(['recording', ...FILES].map((name) => `${name}.yaml`));
  });
});

describeWith(['alertmanager'], 'Alertmanager', () => {
  test('reads its configuration, which leads to our door', () => {
    const amtool = path.join(installedFolder('alertmanager'), 'usr', 'bin', 'amtool');
    const file = path.join(ROOT, 'deploy', 'alertmanager', 'alertmanager.yaml');
    expect(execFileSync(amtool, ['check-config', file], { encoding: 'utf8' })).toContain('1 receivers');
    expect(readFileSync(file, 'utf8')).toContain('/api/v1/alerts/alertmanager');
  });
});
