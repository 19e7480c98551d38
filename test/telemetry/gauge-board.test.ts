import { describe, expect, test } from 'vitest';
import { type MetricsReport, metricsReportSchema } from '../../src/contract/metrics-report.ts';
import { GaugeBoard } from '../../src/telemetry/collector/gauge-board.ts';

const START = Date.parse('2026-03-01T12:00:00.000Z');

function report(instance: string, seconds: number, value: number, labels: Record<string, string> = {}): MetricsReport {
  return metricsReportSchema.parse({
    schema_version: 1,
    site_id: 'home',
    service: 'edge',
    instance,
    at: new Date(START + 1000 * seconds).toISOString(),
    every_s: 10,
    values: [{ name: 'alpr_events_total', help: 'Events,\nby status', labels, value }],
  });
}

describe('The board of gauges', () => {
  test('shows the newest figures of each process in the text format of Prometheus', () => {
    const board = new GaugeBoard();
    board.put(report('a', 0, 1), START);
    board.put(report('a', 10, 5, { status: 'fi"n\\al' }), START + 10_000);
    board.put(report('a', 5, 3), START + 10_000);
    board.put(report('b', 10, 7), START + 10_000);
    // Written by hand after the description of the format.
    expect(board.format(START + 12_000)).toBe(
      [
        '# HELP alpr_report_age_seconds Age of the newest figures of a process',
        '# TYPE alpr_report_age_seconds gauge',
        'alpr_report_age_seconds{site="home",service="edge",instance="a"} 2',
        'alpr_report_age_seconds{site="home",service="edge",instance="b"} 2',
        '# HELP alpr_events_total Events,\\nby status',
        '# TYPE alpr_events_total gauge',
        'alpr_events_total{status="fi\\"n\\\\al",site="home",service="edge",instance="a"} 5',
        'alpr_events_total{site="home",service="edge",instance="b"} 7',
        '',
      ].join('\n'),
    );
  });

  test('takes down a process that has not reported four times', () => {
    const board = new GaugeBoard();
    board.put(report('a', 0, 1), START);
    expect(board.format(START + 39_000)).toContain('instance="a"');
    expect(board.format(START + 41_000)).toBe('');
  });
});
