import { gzipSync } from 'node:zlib';
import { z } from 'zod';

/**
 * What a running system's /metrics says of one with more cameras: node bench/telemetry/cardinality.ts URL [cameras] [token].
 * Lines with a label `camera` grow with cameras, all others with processes.
 */
const [url = 'http://127.0.0.1:8000/metrics', wanted = '10000', token = ''] = process.argv.slice(2);
const cameras = z.coerce.number().int().positive().parse(wanted);

/** Seconds between two scrapes, and bytes that a sample takes on Prometheus' disk, as its documentation says (1 to 2). */
const EVERY_S = 15;
const BYTES_PER_SAMPLE = 2;

const response = await fetch(url, { headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
if (!response.ok) throw new Error(`Expected the metrics of a process at ${url}, got status ${response.status}`);
const text = await response.text();

const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const ofCameras = series.filter((line) => /[{,]camera="/.test(line));
const names = new Set(ofCameras.map((line) => /[{,]camera="([^"]*)"/.exec(line)?.[1]));
if (names.size === 0) throw new Error('Expected the metrics of a process with cameras, got none');
const bytes = (lines: readonly string[]) => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

const perCamera = { series: ofCameras.length / names.size, bytes: bytes(ofCameras) / names.size };
const fixed = { series: series.length - ofCameras.length, bytes: Buffer.byteLength(text) - bytes(ofCameras) };
const all = perCamera.series * cameras;
const families = Map.groupBy(ofCameras, (line) => line.slice(0, line.indexOf('{')));
console.table(
  [...families].map(([name, lines]) => ({
    metric: name,
    'series per camera': lines.length / names.size,
    'bytes per camera': bytes(lines) / names.size,
  })),
);
console.table({
  [`measured, ${names.size} cameras`]: {
    series: series.length,
    bytes: Buffer.byteLength(text),
    gzip: gzipSync(text).length,
  },
  'a camera': { ...perCamera, gzip: undefined },
  'the rest of the process': { ...fixed, gzip: undefined },
  [`${cameras} cameras`]: { series: all, bytes: perCamera.bytes * cameras, gzip: undefined },
});
console.log(
  `${Math.round(all / EVERY_S)} samples a second, ${((all * 86_400 * BYTES_PER_SAMPLE) / EVERY_S / 1e9).toFixed(1)} GB a day`,
);
