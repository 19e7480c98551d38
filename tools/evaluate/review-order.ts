import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBenchDatabase } from '../../bench/backend/store.ts';
import { loadConfig } from '../../src/app/config.ts';
import { openVision } from '../../src/app/open-vision.ts';
import { createLog } from '../../src/base/log.ts';
import { createRandom, type Random } from '../../src/base/random.ts';
import type { QueueOrder } from '../../src/contract/api/review.ts';
import { normalizePlate } from '../../src/contract/plate-text.ts';
import type { Sql } from '../../src/db/sql.ts';
import { reviseEvent } from '../../src/review/revise-event.ts';
import { takeQueue } from '../../src/store/review.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { formatTable } from './format-page.ts';
import { describeRead, makeReads, type TrueRead } from './made/camera-reads.ts';

const HELP = `node tools/evaluate/review-order.ts [options]: how many misreads people find by the orders of the review queue

  --reads N      rendered plates that the configured reader reads (default 3000), seen by five unlike cameras
  --sample N     reads that wait in each trial (default 1500), drawn from these
  --trials N     trials, each with other reads (default 8)
  --seed N       seed of everything that is drawn (default 7)
  --keep FILE    keeps what was read there, to be used again
`;

const REVIEWS = [50, 100, 200, 300];
const PAGE = 12;
const ORDERS: readonly QueueOrder[] = ['doubt', 'teaching'];

/** Misreads among the first reviews, and how many kinds of misreads (camera, what was there, what was read) they are. */
type Found = Readonly<{ misreads: readonly number[]; kinds: readonly number[] }>;

const { values } = parseArgs({
  options: {
    reads: { type: 'string', default: '3000' },
    sample: { type: 'string', default: '1500' },
    trials: { type: 'string', default: '8' },
    seed: { type: 'string', default: '7' },
    keep: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await compareOrders();

async function compareOrders(): Promise<void> {
  const random = createRandom(Number(values.seed));
  const reads = await readOnce(random);
  const wrong = reads.filter(({ event, truth }) => normalizePlate(event.plate.text_normalized) !== truth).length;
  process.stdout.write(`${reads.length} reads, ${wrong} of them misread\n`);
  await using database = await openBenchDatabase();
  const found = new Map<QueueOrder, Found[]>(ORDERS.map((order) => [order, []]));
  for (let trial = 0; trial < Number(values.trials); trial += 1) {
    const sample = draw(reads, Number(values.sample), random);
    for (const order of ORDERS) found.get(order)?.push(await reviewAll(database.sql, sample, order));
  }
  const rows = [...found].map(([order, trials]) => [
    order,
    ...REVIEWS.map((_, at) => meanOf(trials.map(({ misreads }) => misreads[at] ?? 0))),
    ...REVIEWS.map((_, at) => meanOf(trials.map(({ kinds }) => kinds[at] ?? 0))),
  ]);
  const head = (what: string) => REVIEWS.map((count) => `${what} in ${count}`);
  process.stdout.write(`${formatTable(['order', ...head('misreads'), ...head('kinds')], rows)}\n`);
}

async function readOnce(random: Random): Promise<readonly TrueRead[]> {
  const { keep } = values;
  if (keep !== undefined && existsSync(keep)) return JSON.parse(readFileSync(keep, 'utf8'));
  const config = loadConfig({ environment: {}, settings: [] });
  await using vision = await openVision(config, createLog({ ...config.log, level: 'warn' }));
  const reads = await makeReads(vision.reader, Number(values.reads), random);
  if (keep !== undefined) writeFileSync(keep, JSON.stringify(reads));
  return reads;
}

function draw(reads: readonly TrueRead[], count: number, random: Random): readonly TrueRead[] {
  const left = [...reads];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(random.below(left.length), 1)).flat();
}

/** People who see the truth decide on page after page, as the queue offers them. */
async function reviewAll(sql: Sql, reads: readonly TrueRead[], order: QueueOrder): Promise<Found> {
  await sql.query('TRUNCATE plate_events, event_revisions, review_leases, plate_texts');
  await writeEvents(
    sql,
    reads.map(({ event }) => event),
  );
  const truths = new Map(reads.map(({ event, truth }) => [event.event_id, truth]));
  const kinds = new Set<string>();
  const counts: { misreads: number[]; kinds: number[] } = { misreads: [], kinds: [] };
  let [reviews, misreads] = [0, 0];
  while (reviews < Math.max(...REVIEWS)) {
    const queue = await takeQueue(sql, { filter: { scope: undefined }, order, holder: 'ada', limit: PAGE });
    if (queue.reads.length === 0) break;
    for (const { event } of queue.reads) {
      const text = truths.get(event.event_id) ?? '';
      const isRight = event.plate.text_normalized === text;
      const decision = isRight
        ? ({ action: 'confirm', revision: 1 } as const)
        : ({ action: 'correct', text, reason: 'seen', revision: 1 } as const);
      await writeEvents(sql, [
        reviseEvent({ revisions: [event], decision, by: { id: '1', name: 'Ada' }, at: new Date() }),
      ]);
      reviews += 1;
      if (!isRight) {
        misreads += 1;
        kinds.add(`${event.camera_id} ${describeRead(text, event.plate.text_normalized)}`);
      }
      if (!REVIEWS.includes(reviews)) continue;
      counts.misreads.push(misreads);
      counts.kinds.push(kinds.size);
    }
  }
  return counts;
}

function meanOf(numbers: readonly number[]): string {
  return (numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length)).toFixed(1);
}
