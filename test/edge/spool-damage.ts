import type { Random } from '../../src/base/random.ts';
import { frameRecord, type SegmentScan } from '../../src/edge/segment.ts';

/** Chooses a whole number below its argument. */
type Below = Random['below'];

/** The bytes of a few records as they are written, by number. */
export function makeRecords(random: Below, firstId = 1 + random(1000)): ReadonlyMap<number, Buffer> {
  const records = new Map<number, Buffer>();
  for (let id = firstId, left = 1 + random(12); left > 0; left--, id++) {
    const payload = Buffer.from(Array.from({ length: random(200) }, () => random(256)));
    records.set(id, frameRecord(id, payload));
  }
  return records;
}

/** One to four kinds of damage after one another: bits turned, bytes cut, added, doubled, zeroed or moved. */
export function damage(bytes: Buffer, random: Below): Buffer {
  let damaged: Buffer = Buffer.from(bytes);
  for (let times = 1 + random(4); times > 0; times--)
    damaged = DAMAGES[random(DAMAGES.length)]?.(damaged, random) ?? damaged;
  return damaged;
}

const DAMAGES: readonly ((bytes: Buffer, random: Below) => Buffer)[] = [
  (bytes, random) => change(bytes, random(bytes.length), (was) => was ^ (1 << random(8))),
  (bytes, random) => change(bytes, random(bytes.length), () => random(256)),
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random(bytes.length + 1)),
  (bytes, random) => Buffer.concat([bytes, Buffer.from(Array.from({ length: random(50) }, () => random(256)))]),
  (bytes, random) => splice(bytes, random, (part) => Buffer.concat([part, part])),
  (bytes, random) => splice(bytes, random, (part) => Buffer.alloc(part.length)),
  (bytes, random) => splice(bytes, random, () => Buffer.alloc(0)),
  (bytes, random) => splice(bytes, random, (part) => Buffer.from(part).reverse()),
];

function change(bytes: Buffer, at: number, how: (was: number) => number): Buffer {
  const changed = Buffer.from(bytes);
  if (at < changed.length) changed[at] = how(changed[at] ?? 0);
  return changed;
}

function splice(bytes: Buffer, random: Below, how: (part: Buffer) => Buffer): Buffer {
  const from = random(bytes.length + 1);
  const to = from + random(bytes.length - from + 1);
  return Buffer.concat([bytes.subarray(0, from), how(bytes.subarray(from, to)), bytes.subarray(to)]);
}

/** What is wrong with a scan of damaged records, or undefined: each is read as it was, or its damage is counted. */
export function findFault(records: ReadonlyMap<number, Buffer>, bytes: Buffer, scan: SegmentScan): string | undefined {
  const read = scan.records.reduce((sum, { start, end }) => sum + end - start, 0);
  if (read + scan.damagedBytes !== bytes.length)
    return `${bytes.length} bytes, ${read} read, ${scan.damagedBytes} damaged`;
  for (const { id, start, end } of scan.records) {
    if (!records.get(id)?.equals(bytes.subarray(start, end))) return `record ${id} was read otherwise than written`;
  }
  const survivors = [...records].filter(([, record]) => bytes.includes(record)).length;
  if (scan.records.length < survivors && scan.damagedBytes === 0) return `${survivors} whole records, not all read`;
  return undefined;
}
