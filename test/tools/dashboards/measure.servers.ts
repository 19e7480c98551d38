import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BOARDS } from '../../../tools/dashboards/boards.ts';
import { MEASURED_FILE, type Measured, nameQuery } from '../../../tools/dashboards/measured.ts';
import { ANNOTATIONS } from '../../../tools/dashboards/render-board.ts';
import { refIdOf } from '../../../tools/dashboards/render-query.ts';
import { type PrometheusServer, queryPrometheus, startPrometheus } from '../../../tools/observe/prometheus.ts';
import { describeWith } from '../../servers/servers.ts';
import { findUnitFault } from './check-unit.ts';
import { serveSamples } from './exporter-samples.ts';
import { askAround, causeFaults, judgeAlerts } from './faults.ts';
import { fillVariables } from './fill-variables.ts';
import { describeHistory } from './history.ts';
import { describeScrapes } from './scrapes.ts';
import { startWholeSystem, type WholeSystem } from './whole-system.ts';

const queries = BOARDS.flatMap(({ uid, rows }) =>
  rows.flatMap(({ panels }) =>
    panels.flatMap((panel) =>
      panel.queries.map((query, at) => ({
        ...query,
        panel,
        unit: query.unit ?? panel.unit,
        name: nameQuery(uid, panel.title, refIdOf(at)),
      })),
    ),
  ),
);
const measured: Record<string, Measured[string]> = {};

describeWith(
  ['kafka', 's3', 'opensearch', 'promtool'],
  'Each panel, on a run of the whole system with a fault of each kind',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'alpr-panels-'));
    const opened = new AsyncDisposableStack();
    let system: WholeSystem;
    let prometheus: PrometheusServer;

    beforeAll(async () => {
      opened.defer(() => rmSync(folder, { recursive: true, force: true }));
      system = await startWholeSystem(opened, folder);
      const samples = opened.use(await serveSamples());
      prometheus = opened.use(
        await startPrometheus({ ...describeScrapes(system, samples.address), history: describeHistory(Date.now()) }),
      );
      const asking = new AbortController();
      const asked = askAround(system, asking.signal);
      opened.defer(async () => {
        asking.abort();
        await asked;
      });
      await vi.waitUntil(async () => (await ask('alpr_ingested_total')).length > 0, {
        timeout: 400_000,
        interval: 500,
      });
      await causeFaults(system, folder);
      await sleep(30_000);
      await judgeAlerts(system);
    }, 900_000);

    afterAll(async () => {
      await opened.disposeAsync();
      if (process.env.WRITE_MEASURED && Object.keys(measured).length > 0) {
        const sorted = Object.fromEntries(
          queries.flatMap(({ name }) => (measured[name] ? [[name, measured[name]]] : [])),
        );
        writeFileSync(MEASURED_FILE, `${JSON.stringify(sorted, null, 2)}\n`);
      }
    }, 60_000);

    const ask = (text: string) => queryPrometheus(prometheus.url, text);

    test('finds data of its unit in Prometheus', async () => {
      const faults: string[] = [];
      for (const { name, text, panel, unit } of queries.filter(({ source }) => source === 'prometheus')) {
        const found = await ask(fillVariables(text));
        // What a heat map shows is how often; its unit is that of the buckets.
        const fault = findUnitFault(
          found.map(({ value }) => value),
          panel.kind === 'heatmap' ? 'count' : unit,
        );
        if (fault) faults.push(`${name}: ${fault}: ${text}`);
        const shown = found.find(({ value }) => value !== 0) ?? found[0];
        if (shown) measured[name] = { value: shown.value, labels: shown.labels, series: found.length };
      }
      expect(faults).toEqual([]);
    }, 120_000);

    test.each(FAULTS)('shows the fault: %s', async (title) => {
      const shown = queries.filter(({ panel }) => panel.title === title);
      const found = await Promise.all(shown.map(({ text }) => ask(fillVariables(text))));
      expect(Math.max(...found.flat().map(({ value }) => value))).toBeGreaterThan(0);
    });

    test('finds data of its unit in PostgreSQL', async () => {
      const client = new pg.Client({ connectionString: system.postgres.url });
      await client.connect();
      const faults: string[] = [];
      try {
        for (const { name, text, panel } of queries.filter(({ source }) => source === 'postgres')) {
          const { rows, fields } = await client.query(fillVariables(text, { from: Date.now() - 14 * 86_400_000 }));
          const numbers = fields.filter(({ dataTypeID }) => NUMBERS.has(dataTypeID));
          for (const field of numbers) {
            const values = rows.flatMap((row) => (row[field.name] === null ? [] : [Number(row[field.name])]));
            const fault = findUnitFault(values, panel.columns?.[field.name] ?? panel.unit);
            if (fault) faults.push(`${name}, ${field.name}: ${fault}`);
            if (field !== numbers[0] || values[0] === undefined) continue;
            measured[name] = { value: values[0], labels: { column: field.name }, series: rows.length };
          }
          if (numbers.length === 0) faults.push(`${name}: no numbers`);
          if (panel.kind === 'graph' && !fields.some(({ name: column }) => column === 'time'))
            faults.push(`${name}: no time`);
        }
      } finally {
        await client.end();
      }
      expect(faults).toEqual([]);
    });

    test.each(ANNOTATIONS)('$name are one line where another began', async ({ query }) => {
      const now = Math.floor(Date.now() / 1000);
      const asked = new URLSearchParams({ query, start: String(now - 3 * 3600), end: String(now), step: '60' });
      const answer = await fetch(`${prometheus.url}/api/v1/query_range?${asked}`);
      const { data } = (await answer.json()) as { data: { result: { metric: object; values: unknown[] }[] } };
      expect(data.result.length).toBeGreaterThan(0);
      for (const { values } of data.result) expect(values.length).toBeLessThanOrEqual(2);
    });

    test('leads from a histogram to the trace of an event', async () => {
      const asked = new URLSearchParams({
        query: 'alpr_event_to_row_seconds_bucket',
        start: String(Date.now() / 1000 - 600),
        end: String(Date.now() / 1000),
      });
      const answer = await fetch(`${prometheus.url}/api/v1/query_exemplars?${asked}`);
      const { data } = (await answer.json()) as { data: { exemplars: { labels: { trace_id: string } }[] }[] };
      const ids = data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
      expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
      const [id = ''] = ids;
      const event = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      const found = await fetch(`${system.url}/events/${event}`, { headers: { authorization: system.authorization } });
      expect(found.status).toBe(200);
    });
  },
);

/** Panels that stay at zero while all is well. */
const FAULTS = [
  'Alarms',
  'Cameras without frames',
  'Cameras opened again',
  'Lost passages by reason',
  'Frames dropped',
  'Dead letters',
  'Broker failures',
  'Batches that come again',
  'Reached nobody',
  'Refused requests by route',
];

/** Numbers of PostgreSQL by their types: int8, int2, int4, float4, float8, numeric. */
const NUMBERS = new Set([20, 21, 23, 700, 701, 1700]);
