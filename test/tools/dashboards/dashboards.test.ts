import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import type { Tree } from '@lezer/common';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { stringifyYaml } from '../../../src/base/yaml.ts';
import { BOARDS } from '../../../tools/dashboards/boards.ts';
import { listMetrics } from '../../../tools/dashboards/exporters.ts';
import { generateDashboards } from '../../../tools/dashboards/generate-dashboards.ts';
import { nameQuery, readMeasured } from '../../../tools/dashboards/measured.ts';
import { ANNOTATIONS, VARIABLES } from '../../../tools/dashboards/render-board.ts';
import { refIdOf } from '../../../tools/dashboards/render-query.ts';
import { installedFolder } from '../../../tools/servers/cache.ts';
import { describeWith } from '../../servers/describe-with.ts';
import { fillVariables } from './fill-variables.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const panels = BOARDS.flatMap(({ uid, rows }) => rows.flatMap((row) => row.panels.map((panel) => ({ uid, ...panel }))));
const queries = panels.flatMap(({ uid, title, queries: own }) =>
  own.map((query, at) => ({ ...query, name: nameQuery(uid, title, refIdOf(at)) })),
);
const promql = [
  ...queries.filter(({ source }) => source === 'prometheus'),
  ...ANNOTATIONS.map(({ name, query }) => ({ name, text: query })),
];

describe('The dashboards of Grafana', () => {
  test('their files are what the sources make (npm run docs), and there are no others', () => {
    const made = generateDashboards();
    for (const [file, text] of Object.entries(made)) expect(read(file), file).toBe(text);
    expect(globSync('deploy/grafana/dashboards/*', { cwd: ROOT }).toSorted()).toEqual(Object.keys(made).toSorted());
  });

  test('each panel says in a sentence what is seen, has a name of its own, and names a runbook that there is', () => {
    const runbooks = [...read('docs/operations/runbooks.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(panels.filter(({ text }) => !/^[A-Z].{10,}\.$/.test(text)).map(({ title }) => title)).toEqual([]);
    expect(panels.flatMap(({ runbook }) => (runbook && !runbooks.includes(runbook) ? [runbook] : []))).toEqual([]);
    expect(new Set(queries.map(({ name }) => name)).size).toBe(queries.length);
  });

  test('each query in PromQL asks for metrics that our services declare or the samples of exporters have', () => {
    const ours = globSync('src/**/*.ts', { cwd: ROOT }).flatMap(
      (file) => read(file).match(/(?<=')alpr_[a-z_]+(?=')/g) ?? [],
    );
    const theirs = globSync('test/fixtures/exporters/*.txt', { cwd: ROOT }).flatMap((file) =>
      [...read(file).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name),
    );
    const known = new Set([...ours, ...theirs]);
    // What every process shows by itself.
    const isOfRuntime = (name: string) => /^(process|nodejs)_/.test(name);
    const variables = Object.values(VARIABLES).map(({ query }) => ({ name: query, text: query.replace(/^\w+/, '') }));
    const unknown = [...promql, ...variables].flatMap(({ name, text }) =>
      listMetrics(text)
        .filter(
          (metric) =>
            !isOfRuntime(metric) && !known.has(metric) && !known.has(metric.replace(/_(bucket|sum|count)$/, '')),
        )
        .map((metric) => `${name}: ${metric}`),
    );
    expect(unknown).toEqual([]);
    expect(new Set(promql.flatMap(({ text }) => listMetrics(text))).size).toBeGreaterThan(70);
  });

  test.each([
    ['loki', logql],
    ['tempo', traceql],
  ] as const)('each query for %s is one by the grammar that Grafana itself uses', (source, parser) => {
    const asked = queries.filter((query) => query.source === source);
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.filter(({ text }) => hasFault(parser.parse(fillVariables(text)))).map(({ name }) => name)).toEqual([]);
    expect(hasFault(parser.parse('{ a = "b" | ('))).toBe(true);
  });

  test('each data source has the uid that panels ask under, and links lead to data sources that there are', () => {
    const source = z.looseObject({ uid: z.string(), url: z.string(), jsonData: z.record(z.string(), z.unknown()) });
    const { datasources } = z
      .looseObject({ datasources: z.array(source) })
      .parse(parse(read('deploy/grafana/provisioning/datasources/datasources.yaml')));
    const uids = datasources.map(({ uid }) => uid);
    expect(uids.toSorted()).toEqual(['loki', 'postgres', 'prometheus', 'tempo']);
    const named = JSON.stringify(datasources).matchAll(/"datasourceUid":"([^"]+)"/g);
    expect(new Set([...named].map(([, uid]) => uid))).toEqual(new Set(['loki', 'prometheus', 'tempo']));
    const tempo = datasources.find(({ uid }) => uid === 'tempo');
    const { tracesToLogsV2: logs } = z
      .looseObject({ tracesToLogsV2: z.looseObject({ query: z.string() }) })
      .parse(tempo?.jsonData);
    expect(logs.query).toContain('__trace.traceId');
    expect(hasFault(logql.parse(logs.query))).toBe(false);
    const shown = Object.values(generateDashboards()).flatMap((text) => [...text.matchAll(/"uid": "([^"]+)"/g)]);
    const asked = new Set(shown.flatMap(([, uid = '']) => (uid.startsWith('alpr-') ? [] : [uid])));
    expect([...asked].filter((uid) => !uids.includes(uid))).toEqual([]);
  });

  test('each query but those of logs and traces has a measured value, and each value belongs to a query', () => {
    const run = queries.filter(({ source }) => source === 'prometheus' || source === 'postgres');
    expect(Object.keys(readMeasured()).toSorted()).toEqual(run.map(({ name }) => name).toSorted());
  });
});

describeWith(['promtool'], 'The queries in PromQL', () => {
  test('are all understood by promtool', () => {
    const folder = mkdtempSync(join(tmpdir(), 'alpr-dashboards-'));
    try {
      const rules = promql.map(({ text }, at) => ({ record: `panel:${at}`, expr: fillVariables(text) }));
      const file = join(folder, 'rules.yaml');
      writeFileSync(file, stringifyYaml({ groups: [{ name: 'panels', rules }] }));
      const promtool = join(installedFolder('promtool'), 'usr', 'bin', 'promtool');
      const said = execFileSync(promtool, ['check', 'rules', file], { encoding: 'utf8' });
      expect(said).toContain(`SUCCESS: ${rules.length} rules found`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Whether the parser had to skip or to make up something. */
function hasFault(tree: Tree): boolean {
  let found = false;
  tree.iterate({
    enter: ({ type }) => {
      found ||= type.isError;
    },
  });
  return found;
}
