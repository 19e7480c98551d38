import { basename } from 'node:path';

/** When a picture was taken or a video began, and where that is known from. */
export type CaptureTime = Readonly<{
  /** Milliseconds since the epoch. */
  at: number;
  /** The zone in which the source states it: `UTC`, an offset such as `+01:00`, or this machine's, such as `Europe/Berlin`. */
  zone: string;
  source: 'start' | 'EXIF' | 'container' | 'file name';
}>;

const NAMED = /(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_.T ]{0,3}(\d\d)[-_.:h]?(\d\d)[-_.:m]?(\d\d)(?!\d)/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:\d\d)?$/;
const EXIF = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/;
const OFFSET = /^[+-]\d\d:\d\d$/;
/** Before the first digital cameras of today, and what clocks show that were never set. */
const EARLIEST = Date.UTC(2000, 0, 2);
const DAY_MS = 86_400_000;

/** What `--start` says; undefined when it is no date such as `2026-11-29T10:15:30+01:00`. */
export function parseStart(text: string): CaptureTime | undefined {
  const found = ISO.exec(text);
  return found ? toTime(found.slice(1, 7), found[7], 'start') : undefined;
}

/** The time in a file's name, such as `gate_2026-11-29_10-15-30.mp4` or `20261129T101530Z.jpg`. */
export function readNameTime(path: string): CaptureTime | undefined {
  const name = basename(path);
  const found = NAMED.exec(name);
  if (!found) return undefined;
  const zone = /^(Z(?![a-z])|[+-]\d\d:?\d\d)/i.exec(name.slice(found.index + found[0].length))?.[1];
  const spelled = zone?.replace(/^z$/, 'Z').replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  return toTime(found.slice(1), spelled, 'file name');
}

/** The `creation_time` of a container, which is UTC. */
export function readContainerTime(text: string): CaptureTime | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)/.exec(text);
  return found ? toTime(found.slice(1), 'Z', 'container') : undefined;
}

/** DateTimeOriginal of an EXIF block (CIPA DC-008) with its OffsetTimeOriginal, where there is one. */
export function readExifTime(exif: Uint8Array): CaptureTime | undefined {
  try {
    const tags = readExifTexts(exif);
    const found = EXIF.exec(tags.get(0x9003) ?? tags.get(0x9004) ?? tags.get(0x0132) ?? '');
    const offset = tags.get(0x9011) ?? tags.get(0x9010) ?? '';
    return found ? toTime(found.slice(1), OFFSET.exec(offset)?.[0], 'EXIF') : undefined;
  } catch (error) {
    // An offset that points outside the block: the picture is not dated.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Texts of the first directory and of the EXIF directory that it points to, by their tags. */
function readExifTexts(exif: Uint8Array): ReadonlyMap<number, string> {
  const bytes = Buffer.from(exif);
  const tiff = bytes.toString('latin1', 0, 4) === 'Exif' ? bytes.subarray(6) : bytes;
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const texts = new Map<number, string>();
  const walk = (directory: number) => {
    for (let entry = 0; entry < short(directory); entry++) {
      const at = directory + 2 + entry * 12;
      const [tag, type, count] = [short(at), short(at + 2), long(at + 4)];
      if (tag === 0x8769 && directory !== long(at + 8)) walk(long(at + 8));
      if (type !== 2) continue;
      const from = count > 4 ? long(at + 8) : at + 8;
      texts.set(tag, tiff.toString('latin1', from, from + count).replace(/\0.*$/s, ''));
    }
  };
  walk(long(4));
  return texts;
}

function toTime(parts: readonly (string | undefined)[], zone: string | undefined, source: CaptureTime['source']) {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const local = new Date(year, month - 1, day, hour, minute, second);
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day && hour < 24 && minute < 60 && second < 61;
  const at = zone === undefined ? local.getTime() : utc.getTime() - offsetMs(zone);
  if (!exists || at < EARLIEST || at > Date.now() + DAY_MS) return undefined;
  const spelled = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { at, zone: spelled === 'Z' ? 'UTC' : spelled, source };
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours, minutes] = zone.slice(1).split(':').map(Number) as [number, number];
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
