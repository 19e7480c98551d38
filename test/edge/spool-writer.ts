import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '../../src/base/log.ts';
import { Spool } from '../../src/edge/spool.ts';

/**
 * A process that fills a spool and empties it at the same time until it is killed. It says `kept N` once number N is safe,
 * and `sent N` before it acknowledges N; with a number of events to write it acknowledges none, and says `left N` for
 * those that are there in the end. A file `ballast` in the folder is what may be given up for events.
 */
const [, , folder = '', first = '0', bytes = '100', most = 'Infinity'] = process.argv;
const spool = await Spool.open({
  folder,
  segmentBytes: 20_000,
  log: createLog({ level: 'silent' }),
  freeSpace: async () => {
    const ballast = join(folder, 'ballast');
    if (!existsSync(ballast)) return false;
    rmSync(ballast);
    process.stdout.write('freed\n');
    return true;
  },
  onGivenUp: (events) => process.stdout.write(`lost ${events}\n`),
});
process.stdout.write(`ready ${spool.damagedRecords}\n`);
const until = Number(first) + Number(most);
for (let number = Number(first), round = 0; number < until; round++) {
  const numbers = Array.from({ length: Math.min(1 + (round % 20), until - number) }, () => number++);
  const results = await Promise.allSettled(
    numbers.map((one) => spool.append(Buffer.from(`${one} `.padEnd(Number(bytes), 'x')))),
  );
  const kept = numbers.filter((_, at) => results[at]?.status === 'fulfilled');
  process.stdout.write(kept.map((one) => `kept ${one}\n`).join(''));
  if (kept.length < numbers.length) {
    process.stdout.write('full\n');
    break;
  }
  if (round % 3 > 0 || most !== 'Infinity') continue;
  const entries = await spool.peek(25);
  process.stdout.write(entries.map(({ payload }) => `sent ${Number.parseInt(payload.toString(), 10)}\n`).join(''));
  const last = entries.at(-1);
  if (last) await spool.acknowledge(last.id);
}
while (most !== 'Infinity' && spool.waiting > 0) {
  const entries = await spool.peek(500);
  process.stdout.write(entries.map(({ payload }) => `left ${Number.parseInt(payload.toString(), 10)}\n`).join(''));
  await spool.acknowledge(entries.at(-1)?.id ?? 0);
}
