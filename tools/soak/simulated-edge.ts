import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import { openBus } from '../../src/bus/open.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { Spool } from '../../src/edge/spool.ts';
import { createImagesMetrics } from '../../src/images/metrics.ts';
import { openImages } from '../../src/images/open.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { itemsOf, picturesOf, type Task } from './traffic.ts';

/**
 * A process that sends what an edge sends, through the real spool, publisher and picture store, and is killed at any
 * moment. It goes on where its notes say; what it had sent without noting it goes out again as the same events.
 */
const [, , configFile = '', taskText = '{}', perSecondText = '100'] = process.argv;
const task = JSON.parse(taskText) as Task;
const perSecond = Number(perSecondText);
const config = loadConfig({ file: configFile, environment: {}, settings: [] });
const log = createLog(config.log);
const telemetry = new Telemetry();
const { picturesWaiting } = createImagesMetrics(telemetry);
const folder = join(config.data, 'edge');
const notes = join(config.data, 'produced');
await mkdir(folder, { recursive: true });
await using opened = new AsyncDisposableStack();
const images = opened.use(
  await openImages({
    config: config.images,
    dataFolder: config.data,
    uploads: { telemetry, log, retentionDays: config.privacy.retention.pictures_days },
  }),
);
const { bus } = opened.use(
  await openBus({ config: config.bus, dataFolder: config.data, requiredGroups: [], log, telemetry }),
);
const spool = opened.use(
  await Spool.open({ folder: join(folder, 'spool'), segmentBytes: config.edge.spool_segment_bytes, log }),
);
const metrics = createEdgeMetrics(telemetry);
const publisher = opened.use(new Publisher({ spool, bus, log, metrics }));

let produced = existsSync(notes) ? Number(readFileSync(notes, 'utf8')) : 0;
const report = async () => {
  const pictures = (await picturesWaiting.get()).values[0]?.value ?? 0;
  process.stdout.write(`${JSON.stringify({ produced, waiting: spool.waiting, pictures })}\n`);
};
setInterval(report, 200);

const began = performance.now();
const first = produced;
publisher.notify();
while (produced < task.share) {
  const due = Math.min(task.share, first + Math.ceil(((performance.now() - began) / 1000) * perSecond));
  if (due <= produced) await sleep(5);
  for (const until = Math.min(due, produced + 50); produced < until; ) await sendPassages(until);
}
// The publisher and the uploads go on until the process is killed.
await new Promise<never>(() => {});

async function sendPassages(until: number): Promise<void> {
  const passages = Array.from({ length: until - produced }, (_, at) => produced + at);
  const keys = passages.flatMap((at) => picturesOf(task, at));
  await Promise.all(keys.map((key) => images.put(key, Buffer.from(`picture ${key}`), 'image/jpeg')));
  const payloads = passages
    .flatMap((at) => itemsOf(task, at))
    .map((item) => (item.kind === 'event' ? encodeEvent(item.event) : Buffer.from(item.text)));
  await Promise.all(payloads.map((payload) => spool.append(payload)));
  publisher.notify();
  produced = until;
  writeFileSync(`${notes}.new`, String(produced));
  renameSync(`${notes}.new`, notes);
}
