import type { Random } from '../../src/base/random.ts';

/** A whole number from 0 up to but not `below`. */
type Below = Random['below'];

type Damage = (bytes: Buffer, random: Below) => Buffer;

const DAMAGES: readonly Damage[] = [
  (bytes, random) => flipBits(bytes, 1 + random(4), random),
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => Buffer.concat([bytes, randomBytes(1 + random(40), random)]),
  (bytes, random) => {
    const at = random(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), randomBytes(random(12), random), bytes.subarray(at + random(12))]);
  },
  // The largest numbers that Avro can claim, for lengths and counts.
  (bytes, random) => overwrite(bytes, random(bytes.length + 1), Buffer.alloc(1 + random(9), 0xff)),
  (bytes, random) => overwrite(bytes, 5 + random(bytes.length), Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f])),
  // Another schema's number, and other formats.
  (bytes, random) => overwrite(bytes, 1, randomBytes(4, random)),
  (bytes, random) => overwrite(bytes, 0, randomBytes(1, random)),
  (_, random) => randomBytes(random(600), random),
  (bytes, random) => {
    const from = random(bytes.length);
    return Buffer.concat([bytes, bytes.subarray(from, from + random(200))]);
  },
];

/** A message with one to three kinds of damage. */
export function damage(bytes: Uint8Array, random: Random): Buffer {
  let damaged: Buffer = Buffer.from(bytes);
  for (let times = 1 + random.below(3); times > 0; times--) damaged = random.pick(DAMAGES)(damaged, random.below);
  return damaged;
}

function flipBits(bytes: Buffer, count: number, random: Below): Buffer {
  const flipped = Buffer.from(bytes);
  for (let at = 0; at < count && flipped.length > 0; at++) {
    const place = random(flipped.length);
    flipped[place] = (flipped[place] ?? 0) ^ (1 << random(8));
  }
  return flipped;
}

function overwrite(bytes: Buffer, at: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + by.length)]);
}

function randomBytes(count: number, random: Below): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random(256)));
}
