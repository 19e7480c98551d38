import { describe, expect, test } from 'vitest';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

const TRIAL = { help: 'cars', unit: 'none', advice: 'look' } as const;
const OPEN = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2';
const EVENT = '0198C2F4-1111-7abc-8def-0123456789ab';
const TRACE = '0198c2f411117abc8def0123456789ab';

describe('Metrics', () => {
  test('have the trace of the newest event on its bucket for who takes OpenMetrics, and are as ever for others', async () => {
    const telemetry = new Telemetry();
    telemetry.stage.observe({ stage: 'spool' }, 0.03, EVENT);
    telemetry.stage.observe({ stage: 'spool' }, 0.2);
    telemetry.counter({ ...TRIAL, name: 'alpr_seen_total' }).inc(3);
    const open = await telemetry.format(OPEN);
    expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open.text).toMatch(
      new RegExp(
        `^alpr_stage_seconds_bucket\\{le="0.05",stage="spool"\\} 1 # \\{trace_id="${TRACE}"\\} 0.03 \\d+(\\.\\d+)?$`,
        'm',
      ),
    );
    expect(open.text).toMatch(/^alpr_stage_seconds_bucket\{le="0.25",stage="spool"\} 2$/m);
    expect(open.text).toContain('# TYPE alpr_seen counter\nalpr_seen_total 3\n');
    expect(open.text.endsWith('\n# EOF\n')).toBe(true);
    const classic = await telemetry.format();
    expect(classic.type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(classic.text).toContain('# TYPE alpr_seen_total counter\nalpr_seen_total 3\n');
    expect(classic.text).not.toMatch(/trace_id|EOF/);
  });

  test('count later values of a label as other once it has too many, and say so', async () => {
    const telemetry = new Telemetry();
    const seen = telemetry.counter({
      ...TRIAL,
      name: 'alpr_seen_total',
      labels: ['camera', 'outcome'],
      most: { camera: 2 },
    });
    const height = telemetry.gauge({ ...TRIAL, name: 'alpr_height', labels: ['camera'], most: { camera: 1 } });
    for (const camera of ['a', 'b', 'c', 'a', 'd']) seen.inc({ camera, outcome: 'read' });
    for (const camera of ['a', 'b', 'a']) height.set({ camera }, 1);
    const { text } = await telemetry.format();
    expect(text.match(/^alpr_(seen|height).*/gm)).toEqual([
      'alpr_seen_total{camera="a",outcome="read"} 2',
      'alpr_seen_total{camera="b",outcome="read"} 1',
      'alpr_seen_total{camera="other",outcome="read"} 2',
      'alpr_height{camera="a"} 1',
      'alpr_height{camera="other"} 1',
    ]);
    expect(text).toContain('alpr_label_values_folded_total{metric="alpr_seen_total",label="camera"} 2');
    expect(text).toContain('alpr_label_values_folded_total{metric="alpr_height",label="camera"} 1');
  });

  test('go to the topic as sums and counts, with buckets where there is an objective, and without what all would say', async () => {
    const telemetry = new Telemetry();
    telemetry.seconds({ ...TRIAL, name: 'alpr_slow_seconds' }).observe({}, 1);
    telemetry.seconds({ ...TRIAL, name: 'alpr_aimed_seconds', objective: 2 }).observe({}, 1.5);
    const parted = { ...TRIAL, name: 'alpr_parted_seconds', objective: 2, labels: ['route'] } as const;
    telemetry.seconds(parted).observe({ route: '/' }, 1.5);
    telemetry.gauge({ ...TRIAL, name: 'alpr_of_all', isReported: false }).set(1);
    const values = await telemetry.listValues();
    expect(values.filter(({ name }) => name.startsWith('alpr_slow')).map(({ name }) => name)).toEqual([
      'alpr_slow_seconds_sum',
      'alpr_slow_seconds_count',
    ]);
    const aimed = values.filter(({ name }) => name === 'alpr_aimed_seconds_bucket');
    expect(aimed.filter(({ labels }) => labels.le === '1' || labels.le === '2').map(({ value }) => value)).toEqual([
      0, 1,
    ]);
    expect(values.map(({ name }) => name)).not.toContain('alpr_parted_seconds_bucket');
    expect(values.map(({ name }) => name)).not.toContain('alpr_of_all');
  });
});
