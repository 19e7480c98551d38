import { expect, test } from 'vitest';
import { hasten } from '../../tools/observe/rules.ts';

test('Rules that are hastened have shorter spans, none below a second, and the same names and numbers', () => {
  const shipped = [
    'for: 2m',
    'expr: deriv(sum by (group) (alpr_consumer_lag)[10m:1m]) > 0 unless x offset 1d',
    'record: alpr:slo_errors:ratio_rate30m',
    'expr: avg_over_time(alpr:slo_missed:rate5m[3d]) * 3 * 86400 > 300',
    'for: 30s',
  ];
  expect(hasten(shipped.join('\n'), 60).split('\n')).toEqual([
    'for: 2s',
    'expr: deriv(sum by (group) (alpr_consumer_lag)[10s:1s]) > 0 unless x offset 1440s',
    'record: alpr:slo_errors:ratio_rate30m',
    'expr: avg_over_time(alpr:slo_missed:rate5m[4320s]) * 3 * 86400 > 300',
    'for: 1s',
  ]);
});
