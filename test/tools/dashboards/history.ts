const HOUR = 3600;

/** What Prometheus would know of six hours before the test, as OpenMetrics: another version, another model, a disk that fills. */
export function describeHistory(now: number): string {
  const minutes = Array.from({ length: 6 * 60 }, (_, at) => Math.floor(now / 1000) - 6 * HOUR + 60 * at);
  // The version and the model of before went two hours ago.
  const before = minutes.slice(0, 4 * 60);
  const origin = 'job="alpr",instance="127.0.0.1:1",site="home",service="start"';
  const build = before.map((at) => `alpr_build_info{${origin},version="0.0.9"} 1 ${at}`);
  const model = before.map((at) => `alpr_model_info{${origin},kind="reader",model="before",provider="cpu"} 1 ${at}`);
  const disk = 'job="node",instance="machine",device="/dev/nvme1n1",fstype="xfs",mountpoint="/var/lib/docker"';
  const free = minutes.map(
    (at, nth) => `node_filesystem_avail_bytes{${disk}} ${126_701_535_232 + 2e6 * (minutes.length - nth)} ${at}`,
  );
  return [
    ...['# TYPE alpr_build_info gauge', ...build],
    ...['# TYPE alpr_model_info gauge', ...model],
    ...['# TYPE node_filesystem_avail_bytes gauge', ...free],
    '# EOF\n',
  ].join('\n');
}
