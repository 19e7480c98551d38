import { AlprError } from '../base/errors.ts';
import type { ReadParts } from '../contract/stored-read.ts';

type Packed = Pick<ReadParts['plate'], 'chars' | 'candidates'>;
type Possible = Readonly<{ text: string; p: number }>;

/** Probabilities are kept to 6e-7: four base-36 digits. */
const DIGITS = 4;
const SCALE = 36 ** DIGITS - 1;

/**
 * The characters of a read with their alternatives, and its candidates, as one short text: about a fifth of its JSON. A
 * place is `K` with its p, followed by each alternative with its p, and ends with a space; the candidates follow after
 * a line end: `K<p>8<p> B<p> \nKB<p> K8<p> `.
 */
export function packRead({ chars, candidates }: Packed): string {
  const places = chars.map((one) => `${[one, ...one.alt].map(({ c, p }) => packOne({ text: c, p })).join('\t')} `);
  return `${places.join('')}\n${candidates.map((one) => `${packOne(one)} `).join('')}`;
}

/** Unpacks a text of `packRead`; INTERNAL for any other text. */
export function unpackRead(packed: string): Packed {
  const [places, candidates] = packed.split('\n');
  if (places === undefined || candidates === undefined) {
    throw new AlprError('INTERNAL', `Expected a packed read of two lines, got ${packed.length} characters`);
  }
  return {
    chars: listParts(places).map((place) => {
      const [chosen, ...others] = place.split('\t').map(unpackOne);
      return { c: chosen?.text ?? '', p: chosen?.p ?? 0, alt: others.map(({ text, p }) => ({ c: text, p })) };
    }),
    candidates: listParts(candidates).map(unpackOne),
  };
}

function packOne({ text, p }: Possible): string {
  const share = Math.round(Math.min(1, Math.max(0, p)) * SCALE);
  return text.replace(/\s/g, '') + share.toString(36).padStart(DIGITS, '0');
}

function unpackOne(packed: string): Possible {
  return { text: packed.slice(0, -DIGITS), p: Number.parseInt(packed.slice(-DIGITS), 36) / SCALE };
}

function listParts(line: string): readonly string[] {
  return line.split(' ').slice(0, -1);
}
